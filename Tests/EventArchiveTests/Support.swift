import EventArchive
import EventSourcing
import EventSourcingTesting
import Foundation
import Testing

let testLog = SegmentLog(id: 7, name: "test")

/// Events of a log, by chance: few types and many streams, with and without causation, empty and long payloads.
func randomEvents(_ count: Int, from first: Int64 = 1, _ random: inout Seeded) -> [RecordedEvent] {
    var revisions: [StreamName: Int64] = [:]
    return (0..<count).map { index in
        let category: StreamCategory = ["order", "stock", "payment"].randomElement(using: &random)!
        let stream = category.stream("\(Int.random(in: 0..<max(1, count / 5), using: &random)) ü")
        let revision = revisions[stream, default: -1] + 1
        revisions[stream] = revision
        let size = Bool.random(using: &random) ? 0 : Int.random(in: 0..<300, using: &random)
        let payload = (0..<size).map { _ in UInt8.random(in: 0...255, using: &random) }
        let causation = Bool.random(using: &random) ? CausationID(EventID.make()) : nil
        let event = NewEvent(
            type: ["Placed", "Paid", "ShippedWithARatherLongName"].randomElement(using: &random)!,
            schemaVersion: Int.random(in: 1...3, using: &random),
            contentType: Bool.random(using: &random) ? .json : .binary,
            payload: payload,
            tags: Set(
                (0..<Int.random(in: 0...2, using: &random)).map { _ in
                    // Two that look alike, and are not the same: é in one character and in two.
                    EventTag("sku", ["caf\u{e9}", "cafe\u{301}", "1", "2", "3"].randomElement(using: &random)!)
                }),
            metadata: EventMetadata(
                correlationID: .derived(from: "\(index / 7)"), causationID: causation, actor: "somebody"))
        return RecordedEvent(
            event, log: testLog.name, position: Position(rawValue: first + Int64(index)), stream: stream,
            revision: Revision(rawValue: revision),
            recordedAt: Timestamp(microsecondsSince1970: .random(in: -1_000...1_000_000_000_000_000, using: &random)))
    }
}

/// All that an event is made of, so that two can be compared.
func parts(_ event: RecordedEvent) -> [AnyHashable] {
    [
        event.position, event.stream, event.revision, event.id, event.type, event.schemaVersion, event.contentType,
        event.recordedAt, event.correlationID, event.causationID, Array(event.payload), Array(event.storedMetadata),
        Array(event.storedTags.utf8), event.log,
    ]
}

func isSame(_ left: [RecordedEvent], _ right: [RecordedEvent]) -> Bool { left.map(parts) == right.map(parts) }

/// The bytes of a segment.
func segmentBytes(_ events: [RecordedEvent], blockByteCount: Int) -> (bytes: [UInt8], outcome: SegmentWriter.Outcome) {
    var writer = SegmentWriter(log: testLog, firstPosition: events[0].position, blockByteCount: blockByteCount)
    var bytes = events.flatMap { writer.append($0) }
    let (rest, outcome) = writer.finish()
    bytes += rest
    return (bytes, outcome)
}

/// An archive with segments of `test`, in a folder of its own.
struct TemporaryArchive {
    let folder: URL
    let segments: [SealedSegment]

    var reader: ArchiveReader { ArchiveReader(archive: folder.path, log: testLog) }

    func path(_ number: Int64) -> String { reader.folder.path(ofSegment: number) }

    /// Writes `events` in segments of `perSegment` events.
    init(_ events: [RecordedEvent], in folder: URL, perSegment: Int, blockByteCount: Int) throws {
        self.folder = folder
        let target = SegmentFolder(archive: folder.path, log: testLog)
        segments = try stride(from: 0, to: events.count, by: perSegment).enumerated().map { number, start in
            let part = Array(events[start..<min(start + perSegment, events.count)])
            let (bytes, outcome) = segmentBytes(part, blockByteCount: blockByteCount)
            let file = try target.begin(Int64(number))
            try file.write(bytes)
            try file.synchronise()
            try file.commit()
            return SealedSegment(number: Int64(number), positions: outcome.positions, digest: outcome.digest)
        }
    }

    func readAll() async throws -> [RecordedEvent] {
        let positions = segments[0].positions.lowerBound...segments[segments.count - 1].positions.upperBound
        return try await reader.events(in: segments, at: positions, .forwards, filter: .all, PageSize(events: .max))
    }
}
