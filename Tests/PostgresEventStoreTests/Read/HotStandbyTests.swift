import EventSourcing
import PostgresServer
import Testing

@testable import PostgresEventStore

@Suite struct `A hot standby` {
    @Test func `is read and followed, refuses appends, and takes them once it is promoted`() async throws {
        let primary = try await TemporaryServer.start()
        _ = try await Migrator().migrate(primary.server.connectionString)
        let standby = try await TemporaryServer.startStandby(of: primary.server, name: "second")
        let stream = newStream()
        try await withStore(on: primary) { writer in
            try await withStore(on: standby, patience: .milliseconds(300)) { reader in
                try await reader.verify()
                _ = try await writer.append([event(), event()], to: stream, expecting: .noStream)
                // Nobody can listen for notifications on a standby: it is asked now and then.
                var positions: [Int64] = []
                for try await batch in reader.subscribe(after: .start) {
                    positions += batch.events.map(\.position.rawValue)
                    if positions.count == 2 { break }
                }
                #expect(positions == [1, 2])
                #expect(try await reader.readAll(stream).count == 2)

                let error = await #expect(throws: EventStoreError.self) {
                    try await reader.append([event()], to: stream, expecting: .any)
                }
                #expect(error?.code == .unavailable)
                #expect(error?.message.contains("cannot be written to at the moment") == true)
            }
        }
        try await primary.server.kill()
        try await standby.server.promote()
        try await withStore(on: standby) { store in
            let expected = ExpectedRevision.exact(Revision(rawValue: 1))
            let receipt = try await store.append([event()], to: stream, expecting: expected)
            #expect(receipt.position == Position(rawValue: 3))
        }
        await standby.remove()
        await primary.remove()
    }

    private func withStore(
        on server: TemporaryServer, patience: Duration = .seconds(30),
        _ body: (PostgresEventStore) async throws -> Void
    ) async throws {
        var configuration = PostgresEventStore.Configuration(connectionString: server.server.connectionString)
        configuration.appendPatience = patience
        try await PostgresEventStore.with(configuration, logger: StoreFixture.logger, body)
    }
}
