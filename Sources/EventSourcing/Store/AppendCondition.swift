/// What must hold for an append to happen, besides what it expects of the streams that it writes to.
///
/// Conditions are checked under the log's lock, together with the append: nothing can come in between.
public enum AppendCondition: Sendable, Hashable, CustomStringConvertible {
    /// No event that `query` finds has been recorded after `position` (the dynamic consistency boundary): what was
    /// decided on everything up to there still holds.
    case noEvents(matching: EventQuery, after: Position)
    /// A stream that the append does not write to is at the expected revision.
    case stream(StreamName, ExpectedRevision)

    public var description: String {
        switch self {
        case .noEvents(let query, let position): "no \(query) after position \(position)"
        case .stream(let stream, let expected): "\(stream) at \(expected)"
        }
    }
}
