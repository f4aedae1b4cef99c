import EventArchive
import EventSourcing
import EventSourcingTesting
import Foundation
import Support
import Testing

@Suite struct SegmentFolderTests {
    @Test func `a segment that was not committed leaves nothing`() async throws {
        try await withTemporaryFolder { archive in
            let folder = SegmentFolder(archive: archive.path, log: testLog)
            try folder.begin(0).write([1, 2, 3])
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
            #expect(!folder.hasSegment(0))
        }
    }

    @Test func `what a writer that died left behind is removed, and what a living one writes is not`() async throws {
        try await withTemporaryFolder { archive in
            let folder = SegmentFolder(archive: archive.path, log: testLog)
            let living = try folder.begin(0)
            try living.write([1])
            try Data([1]).write(to: URL(fileURLWithPath: folder.path + "/.000000000000.1-x.partial"))
            try Data([1]).write(to: URL(fileURLWithPath: folder.path + "/000000000003.segment"))
            #expect(folder.removeStale() == 1)
            #expect(!folder.hasSegment(0) && folder.hasSegment(3))
            try living.commit()
            #expect(folder.hasSegment(0))
            #expect(folder.removeStale() == 0)
        }
    }

    @Test func `a segment that is there already is kept when it is the same`() async throws {
        try await withTemporaryFolder { archive in
            var random = Seeded(1)
            let (bytes, _) = segmentBytes(randomEvents(10, &random), blockByteCount: 1_000)
            let folder = SegmentFolder(archive: archive.path, log: testLog)
            for _ in 0..<2 {
                let file = try folder.begin(0)
                try file.write(bytes)
                try file.synchronise()
                try file.commit()
            }
            let file = try SegmentFile(path: folder.path(ofSegment: 0))
            try file.synchronise()
            try file.verify()
            try folder.synchronise()
        }
    }

    @Test func `a folder that is not there is made, and cannot be brought to the disk before`() async throws {
        try await withTemporaryFolder { archive in
            let folder = SegmentFolder(archive: archive.path + "/a/b", log: testLog)
            let error = #expect(throws: ArchiveError.self) { try folder.synchronise() }
            #expect(error?.code == .inputOutput && error?.file == folder.path)
            try folder.begin(0).write([1])
            try folder.synchronise()
        }
    }
}
