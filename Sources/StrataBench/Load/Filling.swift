internal import EventSourcing
internal import PostgresClient
internal import PostgresEventStore

/// Brings a log to a size at which reading it is worth measuring.
struct Filling: Sendable {
    let database: BenchDatabase

    func fill(to events: Int) async throws {
        progress("  filling the log with \(events) events")
        try await database.withStore { store in
            while true {
                let missing = events - Int(try await store.head().rawValue)
                guard missing > 0 else { return }
                _ = try await store.append(
                    StrataWriter.events(min(1_000, missing)), to: StrataWriter.newStream(), expecting: .noStream)
            }
        }
        try await database.run { session in try session.executeScript("VACUUM ANALYZE strata.events") }
    }
}
