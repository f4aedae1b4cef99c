internal import EventSourcing

/// Which log of the database: the first part of every key.
struct LogID: Hashable, Sendable {
    let rawValue: Int32
    let name: LogName

    /// The log that every database has.
    static let main = LogID(rawValue: 1, name: .main)

    /// Where the positions of new events are announced.
    var channel: String { "strata_log_\(rawValue)" }
}
