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
