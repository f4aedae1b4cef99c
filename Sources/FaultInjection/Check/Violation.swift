/// A broken promise.
public enum Violation: Sendable, Hashable, CustomStringConvertible {
    /// An acknowledged event is not in the log where its receipt says.
    case lost(append: Int, event: String)
    /// An event is in the log more than once.
    case doubled(event: String)
    /// The log has an event that nobody has sent.
    case unknown(event: String)
    /// Of an append that was not acknowledged some events are in the log, and others are not.
    case torn(append: Int)
    /// A receipt names another place than the log.
    case misplaced(append: Int, stream: String)
    case positionGap(expected: Int64, found: Int64)
    case wrongHead(head: Int64, last: Int64)
    case revisionGap(stream: String, expected: Int64, found: Int64)
    /// A reader did not see what the log has there, or saw it more than once, or in another order.
    case misread(reader: String, position: Int64)
    /// A repeat said that the append was new although it was in the log, or the other way round.
    case wrongRepeat(append: Int, wasInLog: Bool)
    /// The only try of an append was answered with "nothing was written", and its events are in the log.
    case writtenAllTheSame(append: Int)
    /// An event's type, correlation or payload is not what was sent.
    case altered(event: String)
    /// An append got an answer that none may get.
    case refused(append: Int, String)
    /// Something that has to come true by itself did not in time.
    case stuck(String)

    public var description: String {
        switch self {
        case .lost(let append, let event): "append \(append) was acknowledged, and its event \(event) is not there"
        case .doubled(let event): "event \(event) is in the log more than once"
        case .unknown(let event): "event \(event) is in the log, and nobody has sent it"
        case .torn(let append): "append \(append) is in the log in part"
        case .misplaced(let append, let stream):
            "the receipt of append \(append) is wrong about its events in \(stream)"
        case .positionGap(let expected, let found): "position \(expected) was expected, and \(found) follows"
        case .wrongHead(let head, let last): "the head is \(head), and the last event is at \(last)"
        case .revisionGap(let stream, let expected, let found):
            "revision \(expected) of \(stream) was expected, and \(found) follows"
        case .misread(let reader, let position): "reader '\(reader)' went wrong about position \(position)"
        case .wrongRepeat(let append, let wasInLog):
            "append \(append) was \(wasInLog ? "" : "not ")in the log, and its repeat says otherwise"
        case .writtenAllTheSame(let append):
            "of append \(append) it was said that nothing was written, and it is in the log"
        case .altered(let event): "event \(event) is not as it was sent"
        case .refused(let append, let message): "append \(append) was refused: \(message)"
        case .stuck(let what): "this did not come true: \(what)"
        }
    }
}
