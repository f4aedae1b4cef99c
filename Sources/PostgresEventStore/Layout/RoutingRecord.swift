internal import EventSourcing
internal import PostgresClient

/// Keeps the routing that a deployment was told in its main database, so that no process looks for a stream, or begins
/// one, in another log than the others do.
struct RoutingRecord: Sendable {
    let layout: LogLayout

    /// - Throws: ``EventStoreError`` when the deployment was told another routing.
    func verify() async throws(EventStoreError) {
        do {
            let recorded = try await run(layout.mainDatabase, Self.load) ?? LogRouting().description
            guard recorded.isExactly(layout.routing.description) else {
                throw EventStoreError(
                    .incompatibleSchema,
                    """
                    The deployment routes streams in another way than this process was told to. Nothing was changed. Name the \
                    deployment's file with --logs; to change the routing, run 'strata migrate --logs FILE'.
                    """)
            }
        } catch {
            throw EventStoreError(reading: error)
        }
    }

    /// Records the routing.
    ///
    /// - Throws: ``EventStoreError`` when a stream that has events would lie in another log, or in one that is not
    ///   named any more.
    func renew() async throws {
        let rules = layout.routing.description
        let (recorded, inMain) = try await run(layout.mainDatabase) { session in
            (try Self.load(in: session), try Self.logs(in: session))
        }
        guard !(recorded ?? LogRouting().description).isExactly(rules) else { return }
        let known = layout.logs.union(inMain)
        for log in Self.logs(of: recorded ?? "").sorted() where !known.contains(log) {
            throw EventStoreError.forgotten(log)
        }
        for log in known.sorted() { try await verifyStreamsStay(in: log) }
        try await run(layout.mainDatabase) { session in
            _ = try session.execute(
                """
                INSERT INTO strata.routing (id, rules) VALUES (1, $1)
                ON CONFLICT (id) DO UPDATE SET rules = EXCLUDED.rules, changed_at = now()
                """, [.text(rules)])
        }
    }

    /// - Returns: `nil` when none was recorded yet.
    private static func load(in session: PostgresSession) throws -> String? {
        let rows = try session.execute("SELECT rules FROM strata.routing")
        return rows.rowCount == 0 ? nil : rows.text(0, 0)
    }

    /// The logs of a database, whether they are routed to or not.
    private static func logs(in session: PostgresSession) throws -> Set<LogName> {
        let rows = try session.execute("SELECT name FROM strata.logs")
        return Set((0..<rows.rowCount).map { LogName(recorded: rows.text($0, 0)) })
    }

    /// The logs that recorded rules name: each line ends with them (``LogRouting/description``).
    private static func logs(of rules: String) -> Set<LogName> {
        Set(
            rules.split(separator: "\n").flatMap { line in
                let names = line.lastIndex(of: ":").map { line[line.index(after: $0)...] } ?? ""
                return names.split(separator: " ").compactMap { LogName(rawValue: String($0)) }
            })
    }

    /// Looks at every stream of a log, once: a routing is hardly ever changed. The last event of each stream never
    /// leaves the database, so that none is missed.
    private func verifyStreamsStay(in log: LogName) async throws {
        let routing = layout.routing
        let database = layout.database(of: log)
        let id = try await LogID.find(log, in: database)
        try await run(database) { session in
            var last = ""
            while true {
                let rows = try session.execute(Self.nextStreams, [.int32(id.rawValue), .text(last)])
                for row in 0..<rows.rowCount {
                    let stream = StreamName(recorded: rows.text(row, 0))
                    guard routing.log(of: stream) == log else {
                        throw EventStoreError.moved(stream, from: log, routing)
                    }
                }
                guard rows.rowCount > 0 else { return }
                last = rows.text(rows.rowCount - 1, 0)
            }
        }
    }

    /// Jumps in the index from each stream to the next.
    private static let nextStreams = """
        WITH RECURSIVE streams AS (
            (SELECT stream FROM strata.events WHERE log = $1 AND stream > $2 ORDER BY stream LIMIT 1)
            UNION ALL
            SELECT (
                SELECT stream FROM strata.events
                WHERE log = $1 AND stream > streams.stream ORDER BY stream LIMIT 1
            ) FROM streams WHERE streams.stream IS NOT NULL
        )
        SELECT stream FROM streams WHERE stream IS NOT NULL LIMIT 10000
        """

    private func run<R: Sendable>(
        _ database: String, _ body: @Sendable (PostgresSession) throws -> R
    ) async throws -> R {
        try await PostgresConnection.with(
            ConnectionConfiguration(connectionString: database, settings: ["enable_seqscan": "off"])
        ) { connection in
            try await connection.run(body)
        }
    }
}

extension EventStoreError {
    fileprivate static func forgotten(_ log: LogName) -> EventStoreError {
        EventStoreError(
            .incompatibleSchema,
            """
            Streams may lie in the log \(log), which the new routing does not name. The routing was not changed. Name the \
            deployment's file with --logs, and keep \(log) among its logs; it needs no rule.
            """)
    }

    fileprivate static func moved(
        _ stream: StreamName, from log: LogName, _ routing: LogRouting
    ) -> EventStoreError {
        EventStoreError(
            .incompatibleSchema,
            """
            The stream \(stream) has events in the log \(log), and the new routing looks for it in \(routing.log(of: stream)): \
            streams cannot move. The routing was not changed. Add a rule before the others that leaves such streams where \
            they are.
            """)
    }
}
