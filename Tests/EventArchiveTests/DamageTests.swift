import EventSourcing
import EventSourcingTesting
import Foundation
import Support
import Testing

@testable import EventArchive

@Suite struct DamageTests {
    @Test func `a change of any byte is found and named, and never read as an event`() async throws {
        var random = Seeded(11)
        let events = randomEvents(30, &random)
        try await withTemporaryFolder { folder in
            let archive = try TemporaryArchive(events, in: folder, perSegment: 30, blockByteCount: 1_500)
            let path = archive.path(0)
            let whole = try Data(contentsOf: URL(fileURLWithPath: path))
            for offset in whole.indices {
                var damaged = whole
                damaged[offset] ^= UInt8.random(in: 1...255, using: &random)
                try damaged.write(to: URL(fileURLWithPath: path))
                try await expectDamage(archive, events, "byte \(offset) of \(whole.count)")
            }
        }
    }

    @Test func `a file that was cut off at any byte is found`() async throws {
        var random = Seeded(12)
        let events = randomEvents(10, &random)
        try await withTemporaryFolder { folder in
            let archive = try TemporaryArchive(events, in: folder, perSegment: 10, blockByteCount: 1_500)
            let whole = try Data(contentsOf: URL(fileURLWithPath: archive.path(0)))
            for count in 0..<whole.count {
                try whole.prefix(count).write(to: URL(fileURLWithPath: archive.path(0)))
                try await expectDamage(archive, events, "\(count) of \(whole.count) bytes")
            }
        }
    }

    private func expectDamage(_ archive: TemporaryArchive, _ events: [RecordedEvent], _ comment: Comment) async throws {
        let path = archive.path(0)
        do {
            try SegmentFile(path: path).verify()
            Issue.record("nothing was noticed: \(comment)")
        } catch {
            #expect(error.code == .damaged || error.code == .unsupported, comment)
            #expect(error.file == path && error.description.contains(path), comment)
        }
        guard let read = try? await archive.readAll() else { return }
        #expect(isSame(read, events), comment)
    }

    @Test func `a damaged block is named with its positions, and the others can be read`() async throws {
        var random = Seeded(13)
        let events = randomEvents(30, &random)
        try await withTemporaryFolder { folder in
            let archive = try TemporaryArchive(events, in: folder, perSegment: 30, blockByteCount: 1)
            let url = URL(fileURLWithPath: archive.path(0))
            var bytes = try Data(contentsOf: url)
            bytes[bytes.startIndex + 30] ^= 0x40
            try bytes.write(to: url)
            do {
                _ = try await archive.readAll()
                Issue.record("nothing was noticed")
            } catch let error as ArchiveError {
                #expect(error.positions == 1...1)
                #expect(error.description.contains("block 0"))
            }
            let rest = try await archive.reader.events(
                in: archive.segments, at: 2...30, .forwards, filter: .all, 100)
            #expect(isSame(rest, Array(events.dropFirst())))
        }
    }

    @Test func `a whole file in the place of a damaged one is read by who has seen the damage`() async throws {
        var random = Seeded(14)
        let events = randomEvents(30, &random)
        try await withTemporaryFolder { folder in
            let archive = try TemporaryArchive(events, in: folder, perSegment: 30, blockByteCount: 1)
            let (url, reader) = (URL(fileURLWithPath: archive.path(0)), archive.reader)
            func read() async throws -> [RecordedEvent] {
                try await reader.events(in: archive.segments, at: 1...30, .forwards, filter: .all, 100)
            }
            let whole = try Data(contentsOf: url)
            var damaged = whole
            damaged[30] ^= 0x40
            for isAtomic in [false, true] {
                try damaged.write(to: url, options: isAtomic ? .atomic : [])
                let fresh = archive.reader
                await #expect(throws: ArchiveError.self) {
                    try await fresh.events(in: archive.segments, at: 1...30, .forwards, filter: .all, 100)
                }
                _ = try? await read()
                try whole.write(to: url, options: isAtomic ? .atomic : [])
                #expect(isSame(try await read(), events), "written \(isAtomic ? "beside it" : "over it")")
            }
        }
    }

    /// Digests keep such bytes away; should they ever be made by somebody who knows how, they do no harm either.
    @Test(arguments: 0..<300 as Range<UInt64>)
    func `garbage under right digests is refused or read, and nothing worse`(seed: UInt64) {
        var random = Seeded(seed)
        let events = randomEvents(Int.random(in: 1...40, using: &random), &random)
        var builder = BlockBuilder()
        for event in events { builder.append(event) }
        for _ in 0..<50 {
            let bytes = damaged(builder.bytes, &random)
            if let block = EventBlock(bytes, of: "test", first: Position(rawValue: 1), eventCount: events.count) {
                for row in 0..<block.count { _ = block.event(row).payload.count }
            }
            let stored = damaged(LZ4.compress(bytes), &random)
            let count = Int.random(in: -1...2 * bytes.count, using: &random)
            stored.withUnsafeBytes { _ = LZ4.decompress($0, to: count) }
        }
        var index = SegmentIndexBuilder()
        for event in events { index.add(event) }
        index.endBlock()
        for kind in SectionKind.postings {
            let bytes = damaged(index.postings(kind).bytes, &random)
            let postings = Postings(bytes, withRevisions: kind == .streams, blockCount: 1)
            _ = postings?[Fingerprint("order")]
        }
        let (segment, _) = segmentBytes(events, blockByteCount: 500)
        _ = SegmentFooter(damaged(Array(segment.suffix(400)), &random))
    }

    private func damaged(_ bytes: [UInt8], _ random: inout Seeded) -> [UInt8] {
        var bytes = bytes
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random)))
        case 1: bytes += [0, 255, 7]
        default: break
        }
        for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
            let limit = Bool.random(using: &random) ? bytes.count : min(40, bytes.count)
            bytes[Int.random(in: 0..<limit, using: &random)] = [0, 1, 127, 255].randomElement(using: &random)!
        }
        return bytes
    }
}
