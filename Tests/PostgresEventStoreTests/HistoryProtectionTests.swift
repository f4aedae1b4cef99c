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

    /// The caller's search path says which operators a function finds that has none of its own.
    @Test(arguments: [
        (">=", "DELETE FROM strata.events", "events cannot be changed or deleted"),
        ("<", "SELECT strata.require_kept(1, 1)", "have left the database"),
        ("=", "SELECT strata.require_kept(1, 1)", "have left the database"),
    ])
    func `operators of the caller's own change nothing`(_ name: String, _ sql: String, _ words: String) async throws {
        let fixture = try await StoreFixture()
        try await fixture.withStore { store in
            _ = try await store.append([event()], to: newStream(), expecting: .any)
        }
        let owner = try await fixture.connect(as: nil)
        try await owner.run { session in
            try session.executeScript(
                """
                DO $$ BEGIN
                    EXECUTE format('GRANT CREATE ON DATABASE %I TO strata_archive', current_database());
                END $$
                """)
            if name != ">=" { try session.executeScript("UPDATE strata.logs SET kept_from = 2") }
        }
        let connection = try await fixture.connect(as: "strata_archive")
        let type = name == "=" ? "integer" : "bigint"
        try await connection.run { session in
            try session.executeScript(
                """
                CREATE SCHEMA own;
                CREATE FUNCTION own.never(\(type), \(type)) RETURNS boolean LANGUAGE sql AS 'SELECT false';
                CREATE OPERATOR own.\(name) (LEFTARG = \(type), RIGHTARG = \(type), FUNCTION = own.never);
                SET search_path = own, pg_catalog
                """)
        }
        let error = await #expect(throws: PostgresError.self) {
            try await connection.run { try $0.executeScript(sql) }
        }
        #expect(error?.debugDescription.contains(words) == true, "\(error?.debugDescription ?? "")")
        let count = try await owner.run { try $0.execute("SELECT count(*) FROM strata.events").int64(0, 0) }
        #expect(count == 1)
        await connection.close()
        await owner.close()
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
