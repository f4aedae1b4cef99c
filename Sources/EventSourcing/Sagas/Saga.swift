/// Names a saga: `order-fulfilment`.
public struct SagaName: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The longest name, in bytes.
    public static let lengthMax = PlainName.lengthMax

    public let rawValue: String

    /// Takes a name from outside.
    ///
    /// - Returns: `nil` unless the name is words of lowercase letters and digits with single hyphens between them, at
    ///   most ``lengthMax`` bytes in all, of which the first is a letter: `[a-z][a-z0-9]*(-[a-z0-9]+)*`.
    public init?(rawValue: String) {
        guard PlainName.isValid(rawValue) else { return nil }
        self.rawValue = rawValue
    }

    public init(stringLiteral value: String) {
        precondition(PlainName.isValid(value), "'\(value)' is not the name of a saga")
        rawValue = value
    }

    /// Takes a name that a store has recorded, and so has checked before.
    package init(recorded rawValue: String) { self.rawValue = rawValue }

    public var description: String { rawValue }
}

/// A business transaction over several aggregates: steps that are carried out in order, and undone in reverse when one
/// of them is refused.
public protocol Saga: Sendable {
    /// The events that can start it.
    associatedtype Trigger: ReadableEvent

    static var name: SagaName { get }
    /// Raised whenever the steps change; an instance keeps the version that it started with.
    static var version: Int { get }

    /// The key of the instance that `event` starts, or `nil` when it starts none. One instance is started for a key.
    static func key(startedBy event: Recorded<Trigger>) -> String?

    /// In the order in which they are carried out; their names are unique.
    var steps: [SagaStep<Trigger>] { get }

    /// The steps of instances that were started by an earlier version, or `nil` when that is not known any more: such
    /// an instance fails until it is. Without an implementation every instance goes by the present ``steps``.
    func steps(ofVersion version: Int) -> [SagaStep<Trigger>]?
}

extension Saga {
    public func steps(ofVersion version: Int) -> [SagaStep<Trigger>]? { steps }
}

/// One step of a saga, with the way to undo it.
public struct SagaStep<Trigger: ReadableEvent>: Sendable {
    /// What a step runs: its action, or its undo.
    public typealias Work = @Sendable (Recorded<Trigger>, SagaStepContext) async throws -> Void

    /// Where a step stands in the order of what can still be taken back.
    public enum Kind: Sendable, Hashable {
        /// It may be refused, and can be undone.
        case compensatable
        /// The last step that may be refused; once it is done the saga goes through to its end.
        case pivot
        /// It follows the pivot and cannot be refused: a refusal quarantines the saga for an operator.
        case retriable
    }

    public let name: String
    public let kind: Kind
    /// How long failures that are no refusals are retried before the saga is quarantined: the delays between the
    /// attempts, added up. The time that the attempts themselves take does not count.
    public let retryBudget: Duration
    /// How long one attempt at ``action`` or ``undo`` is waited for. One that takes longer is cancelled and has failed;
    /// it may still act, beside the next one.
    public let timeLimit: Duration
    /// Whether an operator may take the step as done that an instance is stuck at. Not where nobody else can do what it
    /// does: then the cause is removed, and the instance resumed.
    public let canBeSkipped: Bool
    /// `nil`: there is nothing to do; the step is there for its undo.
    public let action: Work?
    public let undo: Work?

    /// - Parameters:
    ///   - action: Carries out the step; `nil` for a step that is there for its undo. Throws ``SagaRefusal`` when the
    ///     business says no; any other error is retried. It may be called again after it succeeded, or while an earlier
    ///     call has not ended, and must then change nothing: commands under ``SagaStepContext/command`` do.
    ///   - undo: Takes the step back; must accept that the action never happened, happened in part, or ends late.
    public init(
        _ name: String, _ kind: Kind, retryBudget: Duration = .seconds(300), timeLimit: Duration = .seconds(60),
        canBeSkipped: Bool = true, action: Work?, undo: Work? = nil
    ) {
        self.name = name
        self.kind = kind
        self.retryBudget = retryBudget
        self.timeLimit = timeLimit
        self.canBeSkipped = canBeSkipped
        self.action = action
        self.undo = undo
    }
}

/// A business "no" to a step of a saga.
public struct SagaRefusal: Error, Sendable, Hashable {
    /// For programs: `insufficientStock`.
    public let code: String
    /// For people.
    public let reason: String

    public init(code: String, reason: String) {
        self.code = code
        self.reason = reason
    }
}

/// What a step works with.
public struct SagaStepContext: Sendable {
    /// The context for this step's commands. Its id follows from saga, key, step and direction, so a command sent again
    /// is carried out once in each stream, also after an operator has resumed the instance.
    public let command: CommandContext
    /// The refusal that the saga is being undone for; `nil` while it goes forward.
    public let refusal: SagaRefusal?
    private let port: any CommandPort
    private let freshCommandID: CommandID?

    /// - Parameter freshCommandID: The id of ``afresh``; `nil` for the one of `command`.
    public init(
        command: CommandContext, refusal: SagaRefusal?, port: any CommandPort, freshCommandID: CommandID? = nil
    ) {
        self.command = command
        self.refusal = refusal
        self.port = port
        self.freshCommandID = freshCommandID
    }

    /// The same, with a command id that is another one each time that an operator has resumed the instance: for what
    /// may be done twice, and whose refusal would be remembered under its id.
    public var afresh: SagaStepContext {
        var command = command
        command.commandID = freshCommandID ?? command.commandID
        return SagaStepContext(command: command, refusal: refusal, port: port)
    }

    /// The same, with a command id that follows from `key` alone: for what may happen once, whichever step or saga asks
    /// for it.
    public func once(_ key: String) -> SagaStepContext {
        var command = command
        command.commandID = .derived(from: "once", key)
        return SagaStepContext(command: command, refusal: refusal, port: port)
    }

    /// The same, with a command id that follows from this one and `name`, and so is the same at each attempt: for a
    /// step that sends several commands to one stream, each as a part of its own.
    public func part(_ name: String) -> SagaStepContext {
        var command = command
        command.commandID = .derived(from: "part", command.commandID.description, name)
        return SagaStepContext(command: command, refusal: refusal, port: port)
    }

    /// The key under which an outside service does this step once.
    public var idempotencyKey: String { command.commandID.description }

    /// Carries out `command` on an aggregate: one command for each stream in a step; see ``part(_:)``. A second one
    /// under the same id on the same stream is taken for a repeat of the first, and records nothing.
    ///
    /// - Throws: ``SagaRefusal`` when the aggregate refuses.
    @discardableResult
    public func execute<A: Aggregate>(
        _ command: A.Command, on id: String, as _: A.Type = A.self
    ) async throws -> CommandReceipt {
        do {
            return try await port.execute(command, on: id, as: A.self, expecting: .any, self.command)
        } catch .refused(let refusal) {
            throw SagaRefusal(refusal)
        } catch {
            throw error
        }
    }

    /// The newest state of an aggregate.
    public func state<A: Aggregate>(of id: String, as _: A.Type = A.self) async throws -> A {
        try await port.state(of: id, as: A.self).state
    }
}
