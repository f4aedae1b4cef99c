import EventSourcing
import NIOConcurrencyHelpers
import SagaEngine
import Testing

@Suite struct `A step with two commands for one stream` {
    @Test func `carries out the first alone when both have the step's id`() async throws {
        let count = try await bookings { step in [step, step] }
        #expect(count == 1)
    }

    @Test func `carries out both as parts, each once over all attempts`() async throws {
        let count = try await bookings { step in [step.part("out"), step.part("back")] }
        #expect(count == 2)
    }

    @Test func `has other ids for its parts than for itself, and for parts of parts`() {
        let command = CommandContext(commandID: .derived(from: "step"), actor: "test")
        let step = SagaStepContext(
            command: command, refusal: nil, port: CommandExecutor(store: InMemoryEventStore()))
        let contexts = [step, step.part("a"), step.part("b"), step.part("a").part("b"), step.once("a").part("a")]
        #expect(Set(contexts.map(\.command.commandID)).count == contexts.count)
        #expect(step.part("a").command.commandID == step.part("a").command.commandID)
        #expect(step.part("a").idempotencyKey != step.idempotencyKey)
        #expect(step.part("a").command.correlationID == command.correlationID)
    }

    /// How often a step books that books under each of two contexts, and is interrupted after the first of them once.
    private func bookings(
        _ contexts: @escaping @Sendable (SagaStepContext) -> [SagaStepContext]
    ) async throws -> Int {
        let agency = try await Agency()
        let runner = SagaRunner(
            Return(contexts: contexts), store: agency.store, commands: CommandExecutor(store: agency.store))
        var instance = try #require(try await runner.start(agency.trigger))
        while case .retry = try await runner.run(&instance) {}
        #expect(instance.state.phase == .completed)
        return try await agency.bookings("flight").count
    }
}

/// Books a flight out and one back.
private struct Return: Saga {
    static let name: SagaName = "return"
    static let version = 1

    let contexts: @Sendable (SagaStepContext) -> [SagaStepContext]
    private let isInterrupted = NIOLockedValueBox(true)

    init(contexts: @escaping @Sendable (SagaStepContext) -> [SagaStepContext]) { self.contexts = contexts }

    static func key(startedBy event: Recorded<TripEvent>) -> String? { event.stream.id }

    var steps: [SagaStep<TripEvent>] {
        [
            SagaStep(
                "book", .pivot,
                action: { trigger, step in
                    for context in contexts(step) {
                        try await context.execute(.book, on: "\(trigger.stream.id).flight", as: Booking.self)
                        let isLost = isInterrupted.withLockedValue { isInterrupted in
                            defer { isInterrupted = false }
                            return isInterrupted
                        }
                        if isLost { throw Disturbance() }
                    }
                })
        ]
    }
}
