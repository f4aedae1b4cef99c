internal import EventCodec
internal import EventSourcing
internal import HTTPSupport
internal import HTTPTypes

/// One command as it came in: who sends it, under which id, and what it says.
struct CommandCall: Sendable {
    private static let reasonLengthMax = 500

    let principal: Principal
    let key: IdempotencyKey
    let context: CommandContext
    /// What the client requires of the stream.
    let expected: ExpectedRevision
    private let request: APIRequest
    private let body: JSONValue
    private let commands: any CommandPort

    init(_ request: APIRequest, _ commands: any CommandPort) async throws(Problem) {
        self.request = request
        self.commands = commands
        principal = request.principal
        key = try IdempotencyKey(request.headers)
        expected = try ExpectedRevision(preconditions: request.headers)
        let reason = try request.text(.strataReason, lengthMax: Self.reasonLengthMax)
        body = try await request.body()
        let path = request.path
        context = CommandContext(
            commandID: key.commandID(principal, request.method, path), correlationID: request.correlationID,
            actor: principal.actor, reason: reason, fingerprint: RequestFingerprint.of(request.method, path, body),
            traceContext: request.headers.traceContext)
    }

    var isConditional: Bool { expected != .any }

    /// What the client requires of a stream whose revision is in no tag with a mark: such a tag is another stream's.
    ///
    /// - Throws: 412 for a tag with a mark.
    func expectedWithoutMark() throws(Problem) -> ExpectedRevision {
        try ExpectedRevision(preconditions: request.headers, takesMarks: false)
    }

    /// The body's fields.
    func read<Value>(_ build: (JSONFields) -> Value?) throws(Problem) -> Value {
        try JSONFields.read(body, build)
    }

    /// The part of the path that the route's `{name}` stands for.
    func parameter(_ name: Substring) throws(Problem) -> String { try request.parameter(name) }

    /// Carries out `command`.
    func execute<A: Aggregate>(
        _ command: A.Command, on id: String, as _: A.Type = A.self
    ) async throws -> CommandReply where A.Refusal: HTTPRefusal {
        do {
            let receipt = try await commands.execute(command, on: id, as: A.self, expecting: expected, context)
            return CommandReply(stream: A.category.stream(id), receipt: receipt)
        } catch {
            throw try problem(error)
        }
    }

    /// Carries out `decision`, which records in `stream`.
    func execute<D: Decision>(_ decision: D, recordingIn stream: StreamName) async throws -> CommandReply
    where D.Refusal: HTTPRefusal {
        do {
            let conditions: [AppendCondition] = isConditional ? [.stream(stream, expected)] : []
            let receipt = try await commands.execute(decision, provided: conditions, context)
            let recorded = receipt.streams.first { $0.stream == stream }
            return CommandReply(
                stream: stream,
                receipt: CommandReceipt(
                    revision: recorded?.revision, position: recorded.map { LogPosition(receipt.log, $0.position) },
                    isRepeat: receipt.isRepeat))
        } catch {
            throw try problem(error)
        }
    }

    /// The newest state of an aggregate.
    func state<A: Aggregate>(of id: String, as _: A.Type = A.self) async throws -> A where A.Refusal: HTTPRefusal {
        do { return try await commands.state(of: id, as: A.self).state } catch { throw try problem(error) }
    }

    func problem<Refusal: HTTPRefusal>(_ error: CommandError<Refusal>) throws -> Problem {
        try Problem(error, isConditional: isConditional, refusal: Problem.init)
    }
}
