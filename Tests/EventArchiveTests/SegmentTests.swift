import EventArchive
import EventSourcing
import EventSourcingTesting
import Foundation
import Support
import Testing

@Suite struct SegmentTests {
    @Test(arguments: 0..<20 as Range<UInt64>)
    func `what was sealed is read as it was`(seed: UInt64) async throws {
        var random = Seeded(seed)
        let events = randomEvents(Int.random(in: 1...400, using: &random), &random)
        try await withTemporaryFolder { folder in
            let archive = try TemporaryArchive(
                events, in: folder, perSegment: Int.random(in: 1...200, using: &random),
                blockByteCount: Int.random(in: 1...20_000, using: &random))
            #expect(isSame(try await archive.readAll(), events), "seed \(seed)")
            for segment in archive.segments { try archive.reader.open(segment).verify() }
            for _ in 0..<30 { try await expectSamePage(archive, events, seed, &random) }
        }
    }

    private func expectSamePage(
        _ archive: TemporaryArchive, _ events: [RecordedEvent], _ seed: UInt64, _ random: inout Seeded
    ) async throws {
        let count = Int64(events.count)
        let low = Int64.random(in: 1...count, using: &random)
        let positions = low...Int64.random(in: low...count, using: &random)
        let size = PageSize(
            events: Int.random(in: 1...700, using: &random), bytes: Int.random(in: 1...50_000, using: &random))
        let filter = EventFilter(
            categories: Bool.random(using: &random) ? nil : ["order", "nothing"],
            types: Bool.random(using: &random) ? nil : ["Paid", "Unknown"],
            query: [nil, EventQuery(tagged: "sku:1", types: ["Placed"]), EventQuery(tagged: "sku:1", "sku:2")]
                .randomElement(using: &random)!)
        let inRange = events.filter { positions.contains($0.position.rawValue) && filter.matches($0) }
        let forwards = try await archive.reader.events(
            in: archive.segments, at: positions, .forwards, filter: filter, size)
        #expect(isSame(forwards, inRange.prefix(size)), "seed \(seed), \(positions), \(size), \(filter)")
        let backwards = try await archive.reader.events(
            in: archive.segments, at: positions, .backwards, filter: filter, size)
        #expect(
            isSame(backwards, Array(inRange.reversed()).prefix(size)), "seed \(seed), \(positions), \(size), \(filter)")
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func `a stream and a business transaction are found by their indexes`(seed: UInt64) async throws {
        var random = Seeded(seed)
        let events = randomEvents(300, &random)
        try await withTemporaryFolder { folder in
            let archive = try TemporaryArchive(
                events, in: folder, perSegment: 64, blockByteCount: Int.random(in: 1...8_000, using: &random))
            for stream in Set(events.map(\.stream)) {
                let all = events.filter { $0.stream == stream }
                let low = Int64.random(in: 0..<Int64(all.count), using: &random)
                let revisions = low...Int64.random(in: low..<Int64(all.count), using: &random)
                let inRange = all.filter { revisions.contains($0.revision.rawValue) }
                let size = PageSize(events: 1_000, bytes: Int.random(in: 1...5_000, using: &random))
                let forwards = try await archive.reader.events(
                    of: stream, at: revisions, in: archive.segments, .forwards, size)
                #expect(isSame(forwards, inRange.prefix(size)), "seed \(seed)")
                let backwards = try await archive.reader.events(
                    of: stream, at: revisions, in: archive.segments, .backwards, size)
                #expect(isSame(backwards, Array(inRange.reversed()).prefix(size)), "seed \(seed)")
            }
            for id in Set(events.map(\.correlationID)) {
                let found = try await archive.reader.events(correlatedBy: id, in: archive.segments, 5)
                #expect(isSame(found, Array(events.filter { $0.correlationID == id }.prefix(5))), "seed \(seed)")
            }
        }
    }

    @Test func `the same events give the same bytes`() {
        var random = Seeded(1)
        let events = randomEvents(200, &random)
        let (bytes, outcome) = segmentBytes(events, blockByteCount: 5_000)
        #expect(segmentBytes(events, blockByteCount: 5_000).bytes == bytes)
        #expect(outcome.byteCount == bytes.count)
    }

    @Test func `blocks without events of the wanted types are not unpacked`() async throws {
        var random = Seeded(2)
        let events = randomEvents(100, &random).filter { $0.type != "Paid" || $0.position.rawValue > 90 }
        let dense = events.enumerated().map { index, event in event.moved(to: Int64(index + 1)) }
        try await withTemporaryFolder { folder in
            let archive = try TemporaryArchive(dense, in: folder, perSegment: 100, blockByteCount: 1)
            let path = archive.path(0)
            var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            bytes[20] ^= 1
            try bytes.write(to: URL(fileURLWithPath: path))
            let paid = try await archive.reader.events(
                in: archive.segments, at: archive.segments[0].positions, .forwards,
                filter: EventFilter(types: ["Paid"]), 100)
            #expect(isSame(paid, dense.filter { $0.type == "Paid" }), "the damaged first block was not needed")
        }
    }

    @Test func `a segment of another log or another range is told from the right one`() async throws {
        var random = Seeded(3)
        let events = randomEvents(20, &random)
        try await withTemporaryFolder { folder in
            let archive = try TemporaryArchive(events, in: folder, perSegment: 10, blockByteCount: 1_000)
            try FileManager.default.removeItem(atPath: archive.path(0))
            try FileManager.default.copyItem(atPath: archive.path(1), toPath: archive.path(0))
            await expectError(.wrongSegment, file: archive.path(0)) { _ = try await archive.readAll() }
            try FileManager.default.removeItem(atPath: archive.path(0))
            await expectError(.missing, file: archive.path(0)) { _ = try await archive.readAll() }
        }
    }
}

extension RecordedEvent {
    fileprivate func moved(to position: Int64) -> RecordedEvent {
        RecordedEvent(
            NewEvent(
                id: id, type: type, schemaVersion: schemaVersion, contentType: contentType, payload: Array(payload),
                tags: tags, metadata: metadata), log: log, position: Position(rawValue: position), stream: stream,
            revision: revision,
            recordedAt: recordedAt)
    }
}

func expectError(
    _ code: ArchiveError.Code, file: String, _ body: () async throws -> Void,
    sourceLocation: SourceLocation = #_sourceLocation
) async {
    do {
        try await body()
        Issue.record("nothing was noticed", sourceLocation: sourceLocation)
    } catch let error as ArchiveError {
        #expect(error.code == code && error.file == file, "\(error)", sourceLocation: sourceLocation)
    } catch {
        Issue.record("\(error)", sourceLocation: sourceLocation)
    }
}
