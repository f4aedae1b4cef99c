internal import EventCodec
public import EventSourcing
public import PostgresClient
internal import SagaEngine

/// The read model of all sagas: where each instance stands, and which of them are not finished.
///
/// Coordinators find here what a stopped process has left behind; people see it in the query API and the CLI.
public struct SagaInstances: ReadModel {
    public let name: ProjectionName = "saga-instances"
    public let version = 1
    public let tables = ["saga_instances"]

    public init() {}

    public var filter: EventFilter { .events(of: SagaEvent.self, in: SagaStream.category) }

    public var schemaSQL: String {
        """
        CREATE TABLE saga_instances (
            saga text COLLATE "C" NOT NULL,
            key text COLLATE "C" NOT NULL,
            share smallint NOT NULL,
            version integer NOT NULL,
            phase text NOT NULL,
            step text,
            failed_attempts integer NOT NULL DEFAULT 0,
            code text,
            reason text,
            correlation_id uuid NOT NULL,
            started_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            revision bigint NOT NULL,
            PRIMARY KEY (saga, key)
        ) WITH (fillfactor = 60);
        CREATE INDEX saga_instances_unfinished ON saga_instances (saga, updated_at)
            WHERE phase NOT IN ('completed', 'compensated');
        """
    }

    /// Whether the read model was ever begun.
    static func areThere(in session: PostgresSession) throws -> Bool {
        try session.execute("SELECT to_regclass('read_models.saga_instances') IS NOT NULL").bool(0, 0)
    }

    public func handle(_ events: [RecordedEvent], in session: PostgresSession) throws {
        var rows: [StreamName: SagaRow] = [:]
        for event in events {
            guard let (saga, key) = Self.instance(of: event.stream) else { continue }
            var row = try rows[event.stream] ?? SagaRow.load(saga, key, in: session) ?? SagaRow(saga, key, event)
            row.apply(try event.decode(as: SagaEvent.self), event)
            rows[event.stream] = row
        }
        try SagaRow.save(rows.values.sorted { ($0.saga, $0.key) < ($1.saga, $1.key) }, in: session)
    }

    /// The saga and the key in a stream's name, `saga-<saga>:<key>`.
    static func instance(of stream: StreamName) -> (saga: String, key: String)? {
        let id = stream.id.utf8
        // By bytes: a `:` with an accent on it, with which a key may begin, is another character.
        guard let colon = id.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let (saga, key) = (id[..<colon], id[colon...].dropFirst())
        guard !saga.isEmpty, !key.isEmpty else { return nil }
        return (String(decoding: saga, as: UTF8.self), String(decoding: key, as: UTF8.self))
    }

    /// An instance that has not ended.
    struct Unfinished: Sendable {
        let key: String
        /// Microseconds since 1970.
        let updatedAt: Int64
    }

    /// Instances that have not ended, wait for nobody, and were not written to for a while: 500 at most, by the time of
    /// their last event. One whose last event lies ahead is among them: the clock was set back since, and may take
    /// hours to get there.
    ///
    /// - Parameter last: The last one of the page before.
    /// - Returns: `nil` when there is no read model of instances.
    static func unfinished(
        _ saga: SagaName, shares: Set<Int>, idleFor interval: Duration, after last: Unfinished?,
        in session: PostgresSession
    ) throws -> [Unfinished]? {
        guard try areThere(in: session) else { return nil }
        let rows = try session.execute(
            """
            SELECT key, updated_at FROM read_models.saga_instances
            WHERE saga = $1 AND share = ANY ($2::smallint[]) AND phase IN ('forward', 'backward')
                AND (updated_at < now() - make_interval(secs => $3::int)
                    OR updated_at > now() + interval '1 minute')
                AND (updated_at, key) > ($4::timestamptz, $5::text)
            ORDER BY updated_at, key LIMIT 500
            """,
            [
                .text(saga.rawValue), .int16Array(shares.map(Int16.init)),
                .int32(Int32(interval.components.seconds)), .timestamp(microsecondsSince1970: last?.updatedAt ?? 0),
                .text(last?.key ?? ""),
            ])
        return try (0..<rows.rowCount).map { row in
            Unfinished(key: rows.text(row, 0), updatedAt: try rows.timestampMicroseconds(row, 1))
        }
    }
}

/// Into how many shares the instances of a saga are divided among coordinators, and which one a key is in.
enum SagaShare {
    static let count = 16

    /// FNV-1a, which is the same in every process and version.
    static func of(_ key: String) -> Int {
        let hash = key.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return Int(hash % UInt64(count))
    }
}
