import EventSourcing
import NIOConcurrencyHelpers
import SagaEngine
import Testing

@Suite struct `Running a saga` {
    @Test func `carries out every step once, each after it is intended`() async throws {
        let agency = try await Agency()
        #expect(try await agency.finish().phase == .completed)
        for step in ["flight", "hotel", "charge", "ticket"] {
            #expect(try await agency.bookings(step) == [.booked])
        }
        #expect(
            try await agency.sagaEvents.dropFirst() == [
                intended("flight"), done("flight"), intended("hotel"), done("hotel"), intended("charge"),
                done("charge"), intended("ticket"), done("ticket"), completed,
            ])
    }

    @Test func `undoes what was done when a step is refused`() async throws {
        let agency = try await Agency(soldOut: ["charge"])
        #expect(try await agency.finish().phase == .compensated(soldOut))
        #expect(try await agency.bookings("flight") == [.booked, .cancelled])
        #expect(try await agency.bookings("hotel") == [.booked, .cancelled])
        #expect(
            try await agency.sagaEvents.suffix(4) == [
                refused("charge"), undone("hotel"), undone("flight"), compensated(),
            ])
    }

    @Test func `hands undos the refusal, and commands the trigger's correlation`() async throws {
        let agency = try await Agency(soldOut: ["hotel"])
        _ = try await agency.finish()
        let events = try await agency.store.readAll(Booking.category.stream("\(tripKey).flight"))
        #expect(events.map(\.metadata.reason) == [nil, soldOut.reason])
        #expect(events.allSatisfy { $0.metadata.actor == "saga:trip" })
        #expect(events.allSatisfy { $0.correlationID == agency.trigger.event.correlationID })
    }

    @Test func `tries failed work again`() async throws {
        let agency = try await Agency(soldOut: ["charge"])
        let trip = Trip(failures: ["hotel": 2, "undo flight": 1])
        #expect(try await agency.finish(trip).phase == .compensated(soldOut))
        #expect(
            trip.calls.withLockedValue { $0 } == [
                "flight": 1, "hotel": 3, "charge": 1, "undo hotel": 1, "undo flight": 2,
            ])
        #expect(try await agency.bookings("hotel") == [.booked, .cancelled])
    }

    /// History and read models hold no U+0000, and no text without an end.
    @Test func `records of a failure what history can hold`() async throws {
        let agency = try await Agency(soldOut: ["charge"])
        let trip = Trip(failures: ["hotel": 1], says: "\0" + String(repeating: "x", count: 3 << 20))
        #expect(try await agency.finish(trip).phase == .compensated(soldOut))
        let failures = try await agency.sagaEvents.compactMap { event in
            if case .stepFailed(let failed) = event { failed.error } else { nil }
        }
        #expect(failures.count == 1)
        #expect(failures.allSatisfy { $0.hasPrefix("\u{FFFD}xx") && $0.unicodeScalars.count == 2_000 })
    }

    @Test(arguments: ["hotel", "undo flight"])
    func `waits for an operator when the retries are used up`(_ work: String) async throws {
        let agency = try await Agency(soldOut: ["charge"])
        let state = try await agency.finish(Trip(failures: [work: 100]))
        #expect(state.quarantine?.step == work.split(separator: " ").last.map(String.init))
        #expect(state.failedAttempts == 3)
    }

    @Test func `waits for an operator when a step that cannot be refused is`() async throws {
        let state = try await Agency(soldOut: ["ticket"]).finish()
        #expect(state.quarantine == SagaQuarantined(step: "ticket", error: "refused: everything is sold"))
        #expect(state.phase == .forward)
    }

    @Test func `is started by its own events alone`() async throws {
        let agency = try await Agency()
        try await agency.store.record(TripEvent.forgotten, StreamCategory("trip").stream("43"))
        let other = try await agency.store.readLog(after: nil, .backwards, filter: .all, limit: 1).events[0]
        #expect(try await agency.runner().start(try Recorded(other)) == nil)
        #expect(try await agency.runner().load(key: "43") == nil)
    }

    @Test func `starts an instance once`() async throws {
        let agency = try await Agency()
        #expect(try await agency.runner().start(agency.trigger) != nil)
        #expect(try await agency.runner().start(agency.trigger) == nil)
    }

    @Test func `loads an instance as it was, and does nothing by that`() async throws {
        let agency = try await Agency(soldOut: ["hotel"])
        let trip = Trip(failures: ["undo flight": 100])
        let state = try await agency.finish(trip)
        let (head, calls) = (try await agency.store.head(), trip.calls.withLockedValue { $0 })
        let loaded = try #require(try await agency.runner(trip).loadOurs())
        #expect(loaded.state == state)
        #expect(loaded.trigger.event.id == agency.trigger.event.id)
        #expect(try await agency.store.head() == head)
        #expect(trip.calls.withLockedValue { $0 } == calls)
    }

    /// The log of trips was taken back to a moment before the trip, and the saga's own log was not.
    @Test(arguments: [[], ["43"]])
    func `waits for an operator when its trigger is not where it was`(_ later: [String]) async throws {
        let (main, trips) = (InMemoryEventStore(), InMemoryEventStore(log: "trips"))
        try await trips.record(TripEvent.requested, StreamCategory("trip").stream(tripKey))
        let event = try await trips.readLog(after: nil, .backwards, filter: .all, limit: 1).events[0]
        #expect(try await runner(main, trips).start(try Recorded(event)) != nil)
        let restored = InMemoryEventStore(log: "trips")
        for key in later { try await restored.record(TripEvent.requested, StreamCategory("trip").stream(key)) }
        for _ in 0..<2 {
            await #expect(throws: SagaDefinitionError.unknownTrigger(event.id.description, saga: Trip.name)) {
                _ = try await runner(main, restored).loadOurs()
            }
        }
        let events: [SagaEvent] = try await main.readAll(SagaStream.name(Trip.name, key: tripKey)).map {
            try $0.decode()
        }
        let quarantine = SagaState(folding: events).quarantine
        #expect(events.count == 3, "started, intended, and quarantined once")
        #expect(quarantine?.step == "flight")
        #expect(quarantine?.canBeSkipped == false)
        #expect(try await main.head() == Position(rawValue: 3), "no command was sent")
    }

    private func runner(
        _ main: InMemoryEventStore, _ trips: InMemoryEventStore
    ) -> SagaRunner<Trip, RoutedEventStore<InMemoryEventStore>> {
        let store = RoutedEventStore(
            [trips, main], routing: LogRouting([.init(categories: ["trip"], logs: ["trips"])]))
        return SagaRunner(Trip(), store: store, commands: CommandExecutor(store: store))
    }

    @Test func `that has ended does nothing more`() async throws {
        let agency = try await Agency()
        _ = try await agency.finish()
        let head = try await agency.store.head()
        var loaded = try #require(try await agency.runner().loadOurs())
        #expect(try await agency.runner().run(&loaded) == .ended)
        #expect(try await agency.store.head() == head)
    }

    @Test func `gives up an attempt that hangs, and makes another one beside it`() async throws {
        let agency = try await Agency()
        let (running, end) = AsyncStream.makeStream(of: Void.self)
        defer { end.finish() }
        let saga = HangingSaga { await Task { for await _ in running {} }.value }
        let runner = SagaRunner(saga, store: agency.store, commands: CommandExecutor(store: agency.store))
        var instance = try #require(try await runner.start(agency.trigger))
        let first = try await runner.run(&instance)
        guard case .retry = first else {
            Issue.record("an attempt that hangs is tried again, and not \(first)")
            return
        }
        #expect(instance.state.failedAttempts == 1)
        #expect(try await runner.run(&instance) == .ended)
        #expect(instance.state.phase == .completed)
    }

    @Test func `stops between two steps when its task is cancelled`() async throws {
        let agency = try await Agency()
        let result = await Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await agency.finish()
        }.result
        #expect(throws: CancellationError.self) { try result.get() }
        #expect(try await agency.bookings("flight").isEmpty)
    }

    @Test func `finishes and records the step that is under way when its task is cancelled`() async throws {
        let agency = try await Agency()
        let (running, release) = AsyncStream.makeStream(of: Void.self)
        let store = CancellingStore(agency.store, cancelAt: Booking.category)
        let runner = SagaRunner(Trip(), store: store, commands: CommandExecutor(store: store))
        let task = Task {
            for await _ in running { break }
            var instance = try await runner.begin(agency.trigger)
            return try await runner.run(&instance)
        }
        store.cancels(task)
        release.finish()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await agency.bookings("flight") == [.booked])
        #expect(try await agency.bookings("hotel").isEmpty)
        let isCompleted = try await agency.sagaEvents.contains { event in
            if case .stepCompleted(let completed) = event { completed.step == "flight" } else { false }
        }
        #expect(isCompleted)
    }
}

/// A saga whose only step hangs at its first attempt, and does not hear that it is cancelled.
private struct HangingSaga: Saga {
    static let name: SagaName = "hanging"
    static let version = 1

    let attempts = NIOLockedValueBox(0)
    let hang: @Sendable () async -> Void

    init(_ hang: @escaping @Sendable () async -> Void) { self.hang = hang }

    static func key(startedBy event: Recorded<TripEvent>) -> String? { tripKey }

    var steps: [SagaStep<TripEvent>] {
        [
            SagaStep("wait", .retriable, timeLimit: .milliseconds(20)) { _, _ in
                let attempt = attempts.withLockedValue { attempts -> Int in
                    attempts += 1
                    return attempts
                }
                if attempt == 1 { await hang() }
            }
        ]
    }
}

/// A saga whose only step is refused at its first attempt.
private struct RefusedSaga: Saga {
    static let name: SagaName = "refused"
    static let version = 1

    /// At each attempt the step's command id, and the one that it has afresh.
    let asked = NIOLockedValueBox<[[CommandID]]>([])

    static func key(startedBy event: Recorded<TripEvent>) -> String? { tripKey }

    var steps: [SagaStep<TripEvent>] {
        [
            SagaStep("ask", .retriable) { _, context in
                let ids = [context.command.commandID, context.afresh.command.commandID]
                let attempt = asked.withLockedValue { asked -> Int in
                    asked.append(ids)
                    return asked.count
                }
                if attempt == 1 { throw soldOut }
            }
        ]
    }
}

@Suite struct `An operator` {
    @Test func `lets a saga repeat under the same command ids what may have been done`() async throws {
        let agency = try await Agency()
        let trip = Trip(failures: ["answer of charge": 4])
        #expect(try await agency.finish(trip).quarantine?.step == "charge")
        try await operate(agency).resume(Trip.name, key: tripKey, actor: "ada", reason: "the bank is back")
        let state = try await agency.finish(trip)
        #expect(state.phase == .completed)
        #expect(state.epoch == 2)
        #expect(trip.calls.withLockedValue { $0["charge"] } == 5)
        let charges = try await agency.store.readAll(Booking.category.stream("\(tripKey).charge"))
        #expect(charges.map(\.metadata.commandID) == [CommandID.derived(from: "trip", tripKey, "charge", "do", "1")])
    }

    @Test func `lets a step ask afresh for what it was refused`() async throws {
        let agency = try await Agency()
        let saga = RefusedSaga()
        let runner = SagaRunner(saga, store: agency.store, commands: CommandExecutor(store: agency.store))
        var instance = try #require(try await runner.start(agency.trigger))
        #expect(try await runner.run(&instance) == .quarantined)
        try await operate(agency).resume(RefusedSaga.name, key: tripKey, actor: "ada", reason: "it was a mistake")
        var resumed = try #require(try await runner.load(key: tripKey))
        #expect(try await runner.run(&resumed) == .ended)
        let ids = (1...2).map { CommandID.derived(from: "refused", tripKey, "ask", "do", "\($0)") }
        #expect(saga.asked.withLockedValue { $0 } == [[ids[0], ids[0]], [ids[0], ids[1]]])
    }

    @Test func `takes a step as done, and the saga goes on behind it`() async throws {
        let agency = try await Agency()
        _ = try await agency.finish(Trip(failures: ["hotel": 100]))
        try await operate(agency).skipStep(Trip.name, key: tripKey, actor: "ada", reason: "booked by telephone")
        #expect(try await agency.finish().phase == .completed)
        #expect(try await agency.bookings("hotel").isEmpty)
        #expect(try await agency.bookings("ticket") == [.booked])
    }

    @Test func `takes a step as undone, and the saga goes on before it`() async throws {
        let agency = try await Agency(soldOut: ["charge"])
        _ = try await agency.finish(Trip(failures: ["undo hotel": 100]))
        try await operate(agency).skipStep(Trip.name, key: tripKey, actor: "ada", reason: "cancelled by telephone")
        #expect(try await agency.finish().phase == .compensated(soldOut))
        #expect(try await agency.bookings("hotel") == [.booked])
        #expect(try await agency.bookings("flight") == [.booked, .cancelled])
    }

    @Test func `takes no step as done that nobody else can do`() async throws {
        let agency = try await Agency()
        #expect(try await agency.finish(Trip(failures: ["charge": 4])).quarantine?.canBeSkipped == false)
        let head = try await agency.store.head()
        await #expect(throws: SagaOperatorError.cannotBeSkipped(step: "charge")) {
            try await operate(agency).skipStep(Trip.name, key: tripKey, actor: "ada", reason: "paid in cash")
        }
        #expect(try await agency.store.head() == head)
    }

    @Test func `signs what is taken down`() async throws {
        let agency = try await Agency()
        _ = try await agency.finish(Trip(failures: ["hotel": 100]))
        try await operate(agency).resume(Trip.name, key: tripKey, actor: "ada", reason: "try again")
        let last = try #require(try await agency.store.readAll(SagaStream.name(Trip.name, key: tripKey)).last)
        #expect(last.metadata.actor == "ada")
        #expect(last.metadata.reason == "try again")
        #expect(last.correlationID == agency.trigger.event.correlationID)
    }

    @Test func `has no say over a saga that needs nobody`() async throws {
        let agency = try await Agency()
        _ = try await agency.finish()
        let head = try await agency.store.head()
        await #expect(throws: SagaOperatorError.notQuarantined) {
            try await operate(agency).resume(Trip.name, key: tripKey, actor: "ada", reason: "why not")
        }
        await #expect(throws: SagaOperatorError.notQuarantined) {
            try await operate(agency).skipStep(Trip.name, key: tripKey, actor: "ada", reason: "why not")
        }
        #expect(try await agency.store.head() == head)
    }

    @Test func `has no say over a saga that is not there`() async throws {
        let agency = try await Agency()
        await #expect(throws: SagaOperatorError.unknownInstance) {
            try await operate(agency).resume(Trip.name, key: "43", actor: "ada", reason: "why not")
        }
        await #expect(throws: SagaOperatorError.unknownInstance) {
            try await operate(agency).skipStep(Trip.name, key: "43", actor: "ada", reason: "why not")
        }
    }

    private func operate(_ agency: Agency) -> SagaOperator<InMemoryEventStore> { SagaOperator(store: agency.store) }
}
