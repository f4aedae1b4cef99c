import EventSourcing
import PostgresClient
import Runtime

enum Coin: EventPayload, Codable, Hashable {
    case added(Int64)
    case removed(Int64)

    static let eventTypes: [EventType]? = ["added", "removed"]

    var amount: Int64 {
        switch self {
        case .added(let amount): amount
        case .removed(let amount): -amount
        }
    }
}

/// What is in a purse, by the purse's name.
struct Purse: Projection, Equatable {
    static let name: ProjectionName = "purses"
    static let version = 1

    var amount: Int64 = 0
    /// Handling an event twice, or not at all, shows.
    var positions: [Int64] = []

    mutating func apply(_ event: Recorded<Coin>) {
        amount += event.payload.amount
        positions.append(event.event.position.rawValue)
    }

    /// The rows that `events` lead to.
    static func rows(_ events: [RecordedEvent]) throws -> [String: Purse] {
        var rows: [String: Purse] = [:]
        for event in events { rows[event.stream.id, default: Purse()].apply(try Recorded<Coin>(event)) }
        return rows
    }
}

/// A row for each coin. Handling an event twice, or not at all, shows.
struct Ledger: ReadModel {
    var name: ProjectionName = "ledger"
    var version = 1
    /// What the amounts are multiplied with.
    var factor: Int64 = 1
    var onHandle: @Sendable ([RecordedEvent]) throws -> Void = { _ in }

    var filter: EventFilter { .events(of: Coin.self) }
    var table: String { name.rawValue }
    var tables: [String] { [table] }
    var schemaSQL: String {
        "CREATE TABLE \(table) (position bigint NOT NULL, purse text NOT NULL, amount bigint NOT NULL)"
    }

    func handle(_ events: [RecordedEvent], in session: PostgresSession) throws {
        try onHandle(events)
        let rows = try rows(events)
        try session.execute(
            "INSERT INTO \(table) SELECT * FROM unnest($1::bigint[], $2::text[], $3::bigint[])",
            [.int64Array(rows.map(\.position)), .textArray(rows.map(\.purse)), .int64Array(rows.map(\.amount))])
    }

    struct Row: Equatable {
        let position: Int64
        let purse: String
        let amount: Int64
    }

    /// The rows that `events` lead to.
    func rows(_ events: [RecordedEvent]) throws -> [Row] {
        try events.map { event in
            Row(
                position: event.position.rawValue, purse: event.stream.id,
                amount: factor * (try event.decode(as: Coin.self).amount))
        }
    }
}
