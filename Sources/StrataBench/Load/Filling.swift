internal import EventSourcing
internal import PostgresClient
internal import PostgresEventStore

/// Brings a log to a size at which it is worth measuring, by importing events that are made in memory.
struct Filling: Sendable {
    let database: BenchDatabase

    private static let batch = 10_000

    /// - Returns: How many events were written a second.
    @discardableResult
    func fill(to events: Int) async throws -> Double {
        progress("  filling the log with \(events) events")
        let missing = events - (try await head())
        let took = try await ContinuousClock().measure {
            var left = missing
            _ = try await EventImport.with(database.connectionString) { target in
                try await target.write(batches: {
                    defer { left -= Self.batch }
                    return left > 0 ? StrataWriter.imported(min(Self.batch, left), perStream: 10) : nil
                })
            }
        }
        try await database.run { session in try session.executeScript("VACUUM ANALYZE strata.events") }
        return Double(missing) / took.seconds
    }

    private func head() async throws -> Int {
        Int(try await database.withStore { store in try await store.head().rawValue })
    }
}
