public import EventSourcing
public import PostgresClient

/// A projection in the shape of SQL: its tables, and what a batch of events does to them.
///
/// The runtime gives every event that matches ``filter`` to ``handle(_:in:)`` exactly once, in the order of its log:
/// the rows and the checkpoint are written in one transaction. Between logs there is no order, so what a read model
/// makes of events of different streams must not depend on which of them it saw first, unless the streams share a log.
public protocol ReadModel: Sendable {
    var name: ProjectionName { get }
    /// Raised whenever the tables' form or meaning changes; the read model is then rebuilt.
    var version: Int { get }
    var filter: EventFilter { get }
    /// Makes the tables and their indexes, and nothing else: a rebuild moves what ``tables`` names, and drops the rest
    /// of its schema. The names have no schema, for a rebuild makes the tables in another one.
    var schemaSQL: String { get }
    /// Every table that ``schemaSQL`` makes, unquoted, as PostgreSQL stores the name.
    var tables: [String] { get }

    /// Folds `events` into the tables. Runs on the connection's thread, in the transaction that moves the checkpoint.
    func handle(_ events: [RecordedEvent], in session: PostgresSession) throws
}
