internal import EventSourcing
internal import PostgresClient
internal import PostgresEventStore

extension Facts {
    /// Every setting of the server that is not PostgreSQL's own default, and those that decide about durability.
    static func postgresSettings(_ database: BenchDatabase) async throws -> Facts {
        let entries = try await database.run { session in
            let rows = try session.execute(
                """
                SELECT name, current_setting(name) FROM pg_settings
                WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes', 'wal_sync_method', 'commit_delay')
                    OR source NOT IN ('default', 'client', 'override', 'session')
                ORDER BY name
                """)
            return (0..<rows.rowCount).map { (name: rows.text($0, 0), value: rows.text($0, 1)) }
        }
        let hidden: Set = ["log_directory", "unix_socket_directories"]
        return Facts(title: "PostgreSQL settings", entries: entries.filter { !hidden.contains($0.name) })
    }

    static func strataSettings(_ scale: Scale) -> Facts {
        let defaults = PostgresEventStore.Configuration(connectionString: "")
        return Facts(
            title: "Strata settings",
            entries: [
                ("store", "the defaults of PostgresEventStore.Configuration"),
                ("read connections", "\(defaults.readConnectionsMax)"),
                ("append limits", "\(defaults.limits.eventsMax) events, \(defaults.limits.streamsMax) streams"),
                ("payload", "\(StrataWriter.payload.count) bytes of JSON"),
                ("rounds", "\(scale.rounds)"),
                ("window of append measurements", "\(scale.window.seconds.short) s, after 0.3 s to warm up"),
            ])
    }
}
