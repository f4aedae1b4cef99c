/// What a stream must look like for an append to happen.
public enum ExpectedRevision: Sendable, Hashable, CustomStringConvertible {
    /// Whatever it is.
    case any
    /// It has no events.
    case noStream
    /// It has at least one event.
    case streamExists
    /// Its last event has this revision.
    case exact(Revision)

    /// A stream whose last event has this revision; `nil`: one without events.
    public init(after revision: Revision?) { self = revision.map(Self.exact) ?? .noStream }

    /// Whether a stream whose last event has revision `current` (`nil`: no events) is as expected.
    public func isMet(by current: Revision?) -> Bool {
        switch self {
        case .any: true
        case .noStream: current == nil
        case .streamExists: current != nil
        case .exact(let revision): current == revision
        }
    }

    /// The revision that the first event of an append gets; `nil` when the expectation leaves it open.
    package var next: Revision? {
        switch self {
        case .noStream: .first
        case .exact(let revision): revision.advanced(by: 1)
        case .any, .streamExists: nil
        }
    }

    /// Whether only one revision of the stream will do.
    package var isExact: Bool { next != nil }

    public var description: String {
        switch self {
        case .any: "any revision"
        case .noStream: "no stream"
        case .streamExists: "an existing stream"
        case .exact(let revision): "revision \(revision)"
        }
    }
}
