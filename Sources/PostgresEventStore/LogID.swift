public import EventSourcing
internal import PostgresClient

/// Which log of its database: a name that the whole deployment knows, and the number that the database gave it, which
/// is the first part of every key.
public struct LogID: Hashable, Sendable {
    let rawValue: Int32
    public let name: LogName

    init(rawValue: Int32, name: LogName) {
        self.rawValue = rawValue
        self.name = name
    }

    /// The log that every database has.
    public static let main = LogID(rawValue: 1, name: .main)

    /// Where the positions of new events are announced.
    var channel: String { "strata_log_\(rawValue)" }

    /// Looks up the log of this name in a database that was migrated.
    ///
    /// - Throws: ``EventStoreError`` with ``EventStoreError/Code/incompatibleSchema`` when it is not there, or the
    ///   database's schema is not what this program needs.
    public static func find(
        _ name: LogName, in connectionString: String
    ) async throws(EventStoreError) -> LogID {
        guard let log = try await find([name], in: connectionString)[name] else { throw noLog(name) }
        return log
    }

    /// Looks up the logs of these names in a database that was migrated.
    ///
    /// - Throws: ``EventStoreError`` with ``EventStoreError/Code/incompatibleSchema`` when one of them is not there, or
    ///   the database's schema is not what this program needs.
    public static func find(
        _ names: [LogName], in connectionString: String
    ) async throws(EventStoreError) -> [LogName: LogID] {
        do {
            return try await PostgresConnection.with(
                ConnectionConfiguration(connectionString: connectionString, role: "strata_application")
            ) { connection in
                try await connection.run { session in
                    try Migrator().verify(in: session)
                    return try find(names, in: session)
                }
            }
        } catch {
            throw EventStoreError(reading: error)
        }
    }

    private static func find(_ names: [LogName], in session: PostgresSession) throws -> [LogName: LogID] {
        let rows = try session.execute(
            "SELECT name, id FROM strata.logs WHERE name = ANY ($1::text[])", [.textArray(names.map(\.rawValue))])
        var found: [LogName: LogID] = [:]
        for row in 0..<rows.rowCount {
            let name = LogName(recorded: rows.text(row, 0))
            found[name] = LogID(rawValue: try rows.int32(row, 1), name: name)
        }
        if let missing = names.first(where: { found[$0] == nil }) { throw noLog(missing) }
        return found
    }

    private static func noLog(_ name: LogName) -> EventStoreError {
        EventStoreError(
            .incompatibleSchema,
            "The database has no log '\(name)'. Nothing was changed. Run 'strata migrate --logs FILE'.")
    }
}
