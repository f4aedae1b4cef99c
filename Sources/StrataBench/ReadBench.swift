internal import EventSourcing
internal import Logging
internal import PostgresEventStore

/// The whole log, read through the public API.
struct ReadBench {
    let connectionString: String
    let events: Int

    /// Brings the log to a size that is worth measuring.
    func fill() async throws {
        try await withStore { store in
            while try await store.head().rawValue < events {
                let stream = StreamCategory("bench").stream(EventID.make().description)
                let batch = (0..<1_000).map { _ in
                    NewEvent(
                        type: "Measured", payload: AppendBench.payload,
                        metadata: EventMetadata(correlationID: .make(), actor: "bench"))
                }
                _ = try await store.append(batch, to: stream, expecting: .noStream)
            }
        }
    }

    func count() async throws -> Int {
        try await withStore { store in Int(try await store.head().rawValue) }
    }

    func eventsPerSecond() async throws -> Double {
        try await withStore { store in
            let head = try await store.head()
            let began = ContinuousClock.now
            var count = 0
            for try await batch in store.subscribe(after: .start, pageSize: 2_000) {
                count += batch.events.count
                if batch.position >= head { break }
            }
            return Double(count) / began.duration(to: .now).seconds
        }
    }

    private func withStore<R: Sendable>(_ body: (PostgresEventStore) async throws -> R) async throws -> R {
        let configuration = PostgresEventStore.Configuration(connectionString: connectionString)
        return try await PostgresEventStore.with(configuration, logger: Logger(label: "bench"), body)
    }
}
