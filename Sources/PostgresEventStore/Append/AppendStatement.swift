internal import EventSourcing
internal import PostgresClient

/// One statement that moves the log's head and adds a group's events behind it: one round trip and one flush to disk.
///
/// A group is written this way when every request in it expects exact revisions, and then the unique index on
/// `(log, stream, revision)` decides: an event that would not be the next of its stream either has its revision taken,
/// which fails the statement, or lies beyond the stream's end, which no kept revision allows, because streams never get
/// shorter. Streams whose revisions were never looked up are compared under the lock.
enum AppendStatement {
    static let sql = "SELECT strata.append_group($1, $2, $3, $4, $5, $6, $7, $8, $9)"

    /// - Parameters:
    ///   - rowType: The object id of the type that carries a row.
    ///   - assumed: Streams and the last revisions that are assumed of them.
    ///   - notifies: Whether other processes are told of the new head.
    static func parameters(
        log: LogID, keptFrom: Int64, rows: NewRows, rowType: UInt32, assumed: [(stream: StreamName, revision: Int64)],
        notifies: Bool
    ) -> [PostgresValue] {
        [.int32(log.rawValue), .int64(keptFrom), rows.parameter(rowType)]
            + (assumed.isEmpty
                ? [.null, .null]
                : [.textArray(assumed.map(\.stream.rawValue)), .int64Array(assumed.map(\.revision))])
            + (rows.hasTags ? rows.tagParameters : [.null, .null, .null])
            + [notifies ? .text(log.channel) : .null]
    }
}

extension SQLState {
    /// The log was not as `append_group` was told that it is; nothing was changed.
    static let notAsAssumed = SQLState(rawValue: "SA003")
}
