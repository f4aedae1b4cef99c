import EventSourcing
import EventSourcingTesting
import PostgresClient
import PostgresEventStore
import Testing

/// What lets the tables be spread over machines by log.
@Suite struct `The tables of logs` {
    @Test func `have the log first in every key and every index`() async throws {
        let keys = try await StoreFixture().run { session in
            let rows = try session.execute(
                """
                SELECT relations.relname, indexes.relname, firsts.attname
                FROM pg_index
                JOIN pg_class AS indexes ON indexes.oid = indexrelid
                JOIN pg_class AS relations ON relations.oid = indrelid AND relations.relnamespace = 'strata'::regnamespace
                JOIN pg_attribute AS firsts ON firsts.attrelid = indrelid AND firsts.attnum = indkey[0]
                WHERE relations.relname = 'logs' OR EXISTS (
                    SELECT FROM pg_attribute AS logs
                    WHERE logs.attrelid = indrelid AND logs.attname = 'log' AND logs.atttypid = 'integer'::regtype
                )
                """)
            return (0..<rows.rowCount).map { (rows.text($0, 0), rows.text($0, 1), rows.text($0, 2)) }
        }
        #expect(Set(keys.map(\.0)).isSuperset(of: ["logs", "events", "event_tags", "snapshots"]))
        for (table, index, first) in keys {
            #expect(first == (table == "logs" ? "id" : "log"), "\(index)")
        }
    }

    @Test func `are asked about one log by every statement of a store`() async throws {
        let fixture = try await StoreFixture()
        _ = try await Migrator().migrate(fixture.connectionString, logs: ["other"])
        try await fixture.withStore { main in
            var tagged = event()
            tagged.tags = ["kind:other"]
            for _ in 0..<20 { _ = try await main.append([event(), tagged], to: newStream(), expecting: .noStream) }
        }
        try await forbidLooking(beyond: "other", fixture)
        await #expect(throws: PostgresError.self, "a statement that names no log meets another log's rows") {
            try await fixture.run(as: "strata_application") { session in
                _ = try session.execute("SELECT count(*) FROM strata.events")
            }
        }

        var configuration = PostgresEventStore.Configuration(connectionString: fixture.connectionString)
        configuration.log = try await LogID.find("other", in: fixture.connectionString)
        try await PostgresEventStore.with(configuration, logger: fixture.logger) { store in
            try await EventStoreContract(store).verify()
            #expect(store.log == "other")
        }
    }

    /// Makes every look at a row of another log an error. PostgreSQL narrows a scan down by the statement's own
    /// comparison of the log before it asks this, because that comparison gives nothing away.
    private func forbidLooking(beyond log: LogName, _ fixture: StoreFixture) async throws {
        try await fixture.run { session in
            try session.executeScript(
                """
                CREATE FUNCTION strata.only_log(log integer) RETURNS boolean LANGUAGE plpgsql AS $$
                BEGIN
                    IF log <> (SELECT id FROM public.the_log) THEN RAISE EXCEPTION 'looked at log %', log; END IF;
                    RETURN true;
                END
                $$;
                CREATE TABLE public.the_log AS SELECT id FROM strata.logs WHERE name = '\(log)';
                GRANT SELECT ON public.the_log TO strata_application;
                """)
            for (table, column) in [("logs", "id"), ("events", "log"), ("event_tags", "log"), ("snapshots", "log")] {
                try session.executeScript(
                    """
                    ALTER TABLE strata.\(table) ENABLE ROW LEVEL SECURITY;
                    CREATE POLICY one_log ON strata.\(table) USING (strata.only_log(\(column)));
                    """)
            }
        }
    }
}
