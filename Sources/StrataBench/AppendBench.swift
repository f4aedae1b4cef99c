internal import EventSourcing
internal import Logging
internal import PostgresEventStore
internal import Synchronization

/// Single-event appends by a number of writers, each of which waits for its answer before it appends again.
struct AppendBench {
    let connectionString: String
    let seconds: Int

    /// 240 bytes of JSON.
    static let payload = Array(("{\"text\":\"" + String(repeating: "x", count: 229) + "\"}").utf8)

    func appendsPerSecond(writers: Int) async throws -> Double {
        let configuration = PostgresEventStore.Configuration(connectionString: connectionString)
        return try await PostgresEventStore.with(configuration, logger: Logger(label: "bench")) { store in
            let count = Atomic<Int>(0)
            let began = ContinuousClock.now
            let deadline = began.advanced(by: .seconds(seconds))
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<writers { group.addTask { try await Self.write(to: store, until: deadline) } }
                for try await appended in group { count.add(appended, ordering: .relaxed) }
            }
            return Double(count.load(ordering: .relaxed)) / began.duration(to: .now).seconds
        }
    }

    /// New streams of ten events each, at expected revisions: what aggregates do.
    private static func write(to store: PostgresEventStore, until deadline: ContinuousClock.Instant) async throws -> Int
    {
        var appended = 0
        while ContinuousClock.now < deadline {
            let stream = StreamCategory("bench").stream(EventID.make().description)
            var expected = ExpectedRevision.noStream
            for _ in 0..<10 where ContinuousClock.now < deadline {
                let event = NewEvent(
                    type: "Measured", payload: payload,
                    metadata: EventMetadata(
                        correlationID: .make(), causationID: CausationID(EventID.make()), actor: "bench"))
                let receipt = try await store.append([event], to: stream, expecting: expected)
                expected = .exact(receipt.streams[0].revision)
                appended += 1
            }
        }
        return appended
    }
}
