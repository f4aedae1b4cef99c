import EventSourcing
import PostgresClient
import PostgresEventStore
import PostgresServer
import Testing

@Suite struct `Whether a store is ready` {
    @Test func `is said while reads wait`() async throws {
        let fixture = try await StoreFixture()
        let holder = try await fixture.connect(as: nil)
        try await holder.run { session in
            try session.executeScript("BEGIN; LOCK TABLE strata.events IN ACCESS EXCLUSIVE MODE")
        }
        try await fixture.withStore({ $0.readConnectionsMax = 1 }) { store in
            let reads: [Task<Void, Never>] = (0..<4).map { _ in
                Task { _ = try? await store.readLog(after: nil, .forwards, filter: .all, limit: 1) }
            }
            try await Task.sleep(for: .milliseconds(200))
            let began = ContinuousClock.now
            try await store.verify()
            #expect(began.duration(to: .now) < .seconds(5))
            try await holder.run { session in try session.executeScript("ROLLBACK") }
            for read in reads { await read.value }
        }
        await holder.close()
    }

    @Test func `is denied soon where there is no server, in words that do not say where that would be`() async throws {
        let configuration = PostgresEventStore.Configuration(
            connectionString: "host=127.0.0.1 port=1 user=ada dbname=somewhere")
        try await PostgresEventStore.with(configuration, logger: StoreFixture.logger) { store in
            let began = ContinuousClock.now
            let error = await #expect(throws: EventStoreError.self) { try await store.verify() }
            #expect(began.duration(to: .now) < .seconds(8))
            #expect(error?.code == .unavailable)
            #expect(error?.message.contains("no connection to PostgreSQL could be made") == true)
            #expect(error?.message.contains("127.0.0.1") == false)
            let cause = error?.cause.map { "\($0)" } ?? ""
            #expect(cause.contains("127.0.0.1"), "a log says where")
        }
    }
}
