/// Why a command was not carried out.
public enum CommandError<Refusal: BusinessRefusal>: Error {
    /// The aggregate said no. Nothing was written.
    case refused(Refusal)
    /// Other writers were faster each time. Nothing was written; try again later.
    case contended(attempts: Int)
    /// The command id was used before, for another request. Nothing was written.
    case commandIDReused
    /// An event of the stream could not be read, or a new one not written. Nothing was written.
    case unreadable(EventCodingError)
    /// The store failed; its error says whether anything was written.
    case store(EventStoreError)
}

/// What became of a command.
public struct CommandReceipt: Sendable, Hashable {
    /// The stream's last revision after the command, `nil` when it still has no events.
    public let revision: Revision?
    /// The position of the last event that the command recorded, `nil` when there was nothing to record.
    public let position: LogPosition?
    /// Whether the command had been carried out before, and nothing was recorded now.
    public let isRepeat: Bool

    public init(revision: Revision?, position: LogPosition?, isRepeat: Bool) {
        self.revision = revision
        self.position = position
        self.isRepeat = isRepeat
    }
}
