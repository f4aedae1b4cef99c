import EventSourcing
import EventSourcingTesting
import PostgresClient
import PostgresEventStore
import Testing

@Suite struct HistoryProtectionTests {
    @Test(arguments: [
        "UPDATE strata.events SET payload = ''", "DELETE FROM strata.events", "TRUNCATE strata.events",
        "UPDATE strata.logs SET id = 2",
    ])
    func `the application's role cannot change history`(_ sql: String) async throws {
        try await expectRefused(sql, as: "strata_application")
    }

    @Test(arguments: [
        "UPDATE strata.events SET payload = ''", "DELETE FROM strata.events", "TRUNCATE strata.events",
    ])
    func `the owner cannot change history by accident`(_ sql: String) async throws {
        try await expectRefused(sql, as: nil)
    }

    private func expectRefused(_ sql: String, as role: String?) async throws {
        let fixture = try await StoreFixture()
        try await fixture.withStore { store in
            _ = try await store.append([event()], to: newStream(), expecting: .any)
        }
        let connection = try await fixture.connect(as: role)
        await #expect(throws: PostgresError.self) { try await connection.run { try $0.executeScript(sql) } }
        await connection.close()
    }
}
