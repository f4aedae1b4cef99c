/// Which log of the database: the first part of every key.
struct LogID: RawRepresentable, Hashable, Sendable {
    let rawValue: Int32

    /// The log that every database has.
    static let main = LogID(rawValue: 1)

    /// Where the positions of new events are announced.
    var channel: String { "strata_log_\(rawValue)" }
}
