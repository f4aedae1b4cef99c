public import EventSourcing
internal import FoundationEssentials
public import PostgresClient

/// The read model of a ``Projection``: one table of keys and JSON documents.
///
/// A batch is folded in memory, and each changed row is written once. PostgreSQL cannot hold the character U+0000 in
/// text; in keys and documents U+FFFD stands in its place.
public struct KeyedReadModel<P: Projection>: ReadModel {
    public var name: ProjectionName { P.name }
    public var version: Int { P.version }
    public var filter: EventFilter { .events(of: P.Event.self) }

    /// The table's name, unquoted: the projection's, with `_` for `-`.
    public let table: String
    private let indexSQL: String

    /// - Parameter indexSQL: Indexes on ``table``, whose columns are `key text` and `document jsonb`. A name that is a
    ///   keyword of SQL, such as `order`, is quoted in it.
    public init(_: P.Type, indexSQL: String = "") {
        table = P.name.rawValue.split(separator: "-").joined(separator: "_")
        self.indexSQL = indexSQL
    }

    public var tables: [String] { [table] }

    public var schemaSQL: String {
        """
        CREATE TABLE \(quotedIdentifier(table)) (
            key text COLLATE "C" PRIMARY KEY,
            document jsonb NOT NULL
        ) WITH (fillfactor = 80);
        \(indexSQL)
        """
    }

    public func handle(_ events: [RecordedEvent], in session: PostgresSession) throws {
        let recorded = try events.map { event in try Recorded<P.Event>(event) }
        // Keys are compared as the table does it.
        let keyed = recorded.compactMap { event in P.key(for: event).map { (key: ExactText($0.storable), event: event) }
        }
        guard !keyed.isEmpty else { return }
        var rows = try load(Set(keyed.map(\.key)), in: session)
        for (key, event) in keyed { rows[key, default: P()].apply(event) }
        try save(rows, in: session)
    }

    private func load(_ keys: Set<ExactText>, in session: PostgresSession) throws -> [ExactText: P] {
        let result = try session.execute(
            "SELECT key, document::text FROM \(quotedIdentifier(table)) WHERE key = ANY ($1::text[])",
            [.textArray(keys.map(\.text))])
        let decoder = JSONDecoder()
        var rows: [ExactText: P] = [:]
        for row in 0..<result.rowCount {
            rows[ExactText(result.text(row, 0))] = try decoder.decode(P.self, from: Data(result.bytes(row, 1)))
        }
        return rows
    }

    private func save(_ rows: [ExactText: P], in session: PostgresSession) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // In one order everywhere, so that two writers never wait for each other in a circle.
        let sorted = rows.sorted { $0.key < $1.key }
        try session.execute(
            """
            INSERT INTO \(quotedIdentifier(table)) (key, document)
            SELECT key, document::jsonb FROM unnest($1::text[], $2::text[]) AS rows (key, document)
            ON CONFLICT (key) DO UPDATE SET document = EXCLUDED.document
            """,
            [
                .textArray(sorted.map(\.key.text)),
                .textArray(try sorted.map { String(storableJSON: try encoder.encode($0.value)) }),
            ])
    }
}
