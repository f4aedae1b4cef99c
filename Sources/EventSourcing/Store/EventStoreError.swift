/// Why a store could not do what it was asked for.
public struct EventStoreError: Error, Sendable, CustomStringConvertible {
    /// The kinds of failure. New ones may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Base: String {
            case conflict, invalidAppend, invalidRead, overloaded, tooManySubscriptions, cancelled, unavailable
            case incompatibleSchema, closed, archived, damagedArchive, outOfOrder
        }
        private let base: Base

        /// A stream is not at the expected revision, or a condition does not hold: reload and decide again. Nothing
        /// was written.
        public static let conflict = Code(base: .conflict)
        /// The append breaks a limit or contradicts itself. Nothing was written; the same append never succeeds.
        public static let invalidAppend = Code(base: .invalidAppend)
        /// The read breaks a limit or asks for what cannot be; the same read never succeeds.
        public static let invalidRead = Code(base: .invalidRead)
        /// The store has more to do than it can queue. Nothing was written; try again later.
        public static let overloaded = Code(base: .overloaded)
        /// As many subscriptions are open as the store takes.
        public static let tooManySubscriptions = Code(base: .tooManySubscriptions)
        /// The task was cancelled while its append waited, or while it read. Nothing was written.
        public static let cancelled = Code(base: .cancelled)
        /// The store cannot be reached. An append may have been written: send the same event ids again to find out.
        public static let unavailable = Code(base: .unavailable)
        /// The database's schema does not fit this program.
        public static let incompatibleSchema = Code(base: .incompatibleSchema)
        /// The store was stopped before it was asked, or while it read. Nothing was written.
        public static let closed = Code(base: .closed)
        /// The events that were asked for have left the database for segments, and the segments are not at hand.
        public static let archived = Code(base: .archived)
        /// A segment that is needed is not as it was sealed. Nothing of the damaged part was returned.
        public static let damagedArchive = Code(base: .damagedArchive)
        /// A sealed range cannot leave the database, or come back, before others have. Nothing was changed.
        public static let outOfOrder = Code(base: .outOfOrder)

        public var description: String { base.rawValue }
    }

    /// What was found instead of an expected revision.
    public struct Conflict: Sendable, Hashable {
        public let stream: StreamName
        public let expected: ExpectedRevision
        /// The stream's last revision, or `nil` when it has no events.
        public let actual: Revision?

        public init(stream: StreamName, expected: ExpectedRevision, actual: Revision?) {
            self.stream = stream
            self.expected = expected
            self.actual = actual
        }
    }

    /// What was found against a condition on events.
    public struct FailedCondition: Sendable, Hashable {
        public let condition: AppendCondition
        /// The position of the newest event that the condition says must not be there.
        public let position: Position

        public init(condition: AppendCondition, position: Position) {
            self.condition = condition
            self.position = position
        }
    }

    public let code: Code
    /// What happened, whether anything was changed, and what to do next. Safe to show.
    public let message: String
    /// Set when ``code`` is ``Code/conflict`` because of a stream's revision: of one to write to, or of a condition.
    public let conflict: Conflict?
    /// Set when ``code`` is ``Code/conflict`` because of events that a condition forbids.
    public let failedCondition: FailedCondition?
    public let cause: (any Error)?

    public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        conflict = nil
        failedCondition = nil
        self.cause = cause
    }

    public init(_ conflict: Conflict) {
        let actual = conflict.actual.map { "is at revision \($0)" } ?? "has no events"
        code = .conflict
        message = "\(conflict.stream) \(actual), and \(conflict.expected) was expected. Nothing was written."
        self.conflict = conflict
        failedCondition = nil
        cause = nil
    }

    public init(_ failed: FailedCondition) {
        code = .conflict
        message = """
            The append requires \(failed.condition), and one was recorded at \(failed.position). Nothing was written.
            """
        conflict = nil
        failedCondition = failed
        cause = nil
    }

    /// Of the event ids of an append some are in the log and others are not: it is no repeat, and no new append.
    ///
    /// - Parameter isWholeLogHere: Whether the others were looked for wherever events of the log can be. Else they may
    ///   be recorded, and under new ids they would be recorded twice.
    package static func partlyRecorded(
        _ count: Int, of eventCount: Int, isWholeLogHere: Bool = true
    ) -> EventStoreError {
        let others =
            isWholeLogHere
            ? "are not. Nothing was written; give new events new ids."
            : "are not found. Nothing was written now; read the streams to find out what is recorded."
        return EventStoreError(
            .invalidAppend,
            "\(count) of the append's \(eventCount) event ids are recorded already, and the others \(others)")
    }

    public var description: String { message }
}
