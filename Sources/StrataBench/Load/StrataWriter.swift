internal import EventSourcing
internal import PostgresEventStore

/// Appends events to a store, each time waiting for the answer.
enum StrataWriter {
    /// 240 bytes of JSON.
    static let payload = Array(("{\"text\":\"" + String(repeating: "x", count: 229) + "\"}").utf8)

    /// One event at a time, to new streams of ten events each, at exact revisions: what aggregates do.
    static func appendSingles(to store: PostgresEventStore, within window: Window) async throws -> Tally {
        var stream = newStream()
        var expected = ExpectedRevision.noStream
        return try await Tally.count(within: window) { call in
            if call % 10 == 0 { (stream, expected) = (newStream(), .noStream) }
            let receipt = try await store.append(events(1), to: stream, expecting: expected)
            expected = .exact(receipt.streams[0].revision)
            return 1
        }
    }

    /// `size` events at a time, each time to a new stream.
    static func appendBatches(of size: Int, to store: PostgresEventStore, within window: Window) async throws -> Tally {
        try await Tally.count(within: window) { _ in
            _ = try await store.append(events(size), to: newStream(), expecting: .noStream)
            return size
        }
    }

    static func newStream() -> StreamName { StreamCategory("bench").stream(EventID.make().description) }

    static func events(_ count: Int) -> [NewEvent] {
        (0..<count).map { _ in
            let id = EventID.make()
            let metadata = EventMetadata(
                correlationID: CorrelationID(rawValue: id.rawValue), causationID: CausationID(id), actor: "bench")
            return NewEvent(id: id, type: "Measured", payload: payload, metadata: metadata)
        }
    }

    /// Events in new streams of `perStream` events each.
    static func imported(_ count: Int, perStream: Int) -> [ImportedEvent] {
        var stream = newStream()
        return events(count).enumerated().map { index, event in
            if index > 0, index % perStream == 0 { stream = newStream() }
            return ImportedEvent(event, stream: stream)
        }
    }
}
