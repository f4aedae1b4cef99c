internal import EventSourcing
internal import PostgresClient

/// Lists of streams and of categories; the last event of every stream is always in the database. They jump from name to
/// name in the index `events_by_stream` (a loose index scan, as a recursive query), so that their time depends on how
/// much they list and not on how many events there are.
struct StreamLists: Sendable {
    let log: LogID
    let pool: PostgresPool

    func streams(
        in category: StreamCategory?, after stream: StreamName?, limit: Int
    ) async throws -> [StreamSummary] {
        let (sql, parameters) = category.map { Self.streams(in: $0) } ?? Self.allStreams
        let values: [PostgresValue] = [
            .int32(log.rawValue), .text(stream?.rawValue ?? ""), .int64(Int64(limit)),
        ]
        return try await pool.run { session in
            let rows = try session.execute(sql, values + parameters)
            return try (0..<rows.rowCount).map { row in
                StreamSummary(
                    stream: StreamName(recorded: rows.text(row, 0)),
                    revision: Revision(rawValue: try rows.int64(row, 1)))
            }
        }
    }

    private static var allStreams: (sql: String, parameters: [PostgresValue]) {
        (statement(first: next("> $2"), following: next("> page.stream")), [])
    }

    /// The names of a category: its own, and those that begin with it and a `-`, which ends before `.`, the next byte.
    private static func streams(in category: StreamCategory) -> (sql: String, parameters: [PostgresValue]) {
        let within = ">= $5 AND stream < $6"
        let first = """
            SELECT coalesce((\(next("= $4 AND stream > $2"))), (\(next("\(within) AND stream > $2")))) AS stream
            """
        let name = category.rawValue
        return (
            statement(first: first, following: next("\(within) AND stream > page.stream")),
            [.text(name), .text(name + "-"), .text(name + ".")]
        )
    }

    private static func next(_ condition: String) -> String {
        "SELECT stream FROM strata.events WHERE log = $1 AND stream \(condition) ORDER BY stream LIMIT 1"
    }

    private static func statement(first: String, following: String) -> String {
        """
        WITH RECURSIVE page AS (
            SELECT first.stream, 1 AS number FROM (\(first)) AS first WHERE first.stream IS NOT NULL
            UNION ALL
            SELECT next.stream, page.number + 1 FROM page, LATERAL (\(following)) AS next WHERE page.number < $3::bigint
        )
        SELECT page.stream, (
            SELECT revision FROM strata.events WHERE log = $1 AND stream = page.stream ORDER BY revision DESC LIMIT 1
        )
        FROM page
        """
    }

    func categories(limit: Int) async throws -> [String] {
        try await pool.run { session in
            let rows = try session.execute(Self.categories, [.int32(log.rawValue), .int64(Int64(limit))])
            let categories = Set((0..<rows.rowCount).map { ExactText(rows.text($0, 0)) })
            return categories.sorted().prefix(limit).map(\.text)
        }
    }

    /// From a name with a `-` the next jump goes past its whole category, from one without a `-` past the name (no name
    /// has a character below a space). So a category comes twice at most.
    private static var categories: String {
        let behind = """
            CASE strpos(page.stream, '-') WHEN 0 THEN page.stream || chr(1)
            ELSE split_part(page.stream, '-', 1) || '.' END
            """
        return """
            WITH RECURSIVE page AS (
                SELECT first.stream, 1 AS number FROM (\(next("> ''"))) AS first
                UNION ALL
                SELECT next.stream, page.number + 1
                FROM page, LATERAL (\(next(">= \(behind)"))) AS next
                WHERE page.number < 2 * $2::bigint
            )
            SELECT split_part(stream, '-', 1) FROM page
            """
    }
}
