import EventSourcing
import NIOConcurrencyHelpers
import SagaEngine
import Testing

/// One thing that can be booked. Two bookings are two events: only the command's id keeps them from being made twice.
struct Booking: Aggregate {
    enum Event: EventPayload, Codable, Hashable {
        case booked, cancelled, sold
    }

    enum Command: Sendable {
        case book, cancel
    }

    enum Refusal: String, BusinessRefusal {
        case soldOut
        var code: String { rawValue }
        var description: String { "everything is sold" }
    }

    static let category: StreamCategory = "booking"

    private var isSoldOut = false
    private(set) var count = 0

    init() {}

    mutating func apply(_ event: Event) {
        switch event {
        case .booked: count += 1
        case .cancelled: count -= 1
        case .sold: isSoldOut = true
        }
    }

    func decide(_ command: Command) throws(Refusal) -> [Event] {
        switch command {
        case .book where isSoldOut: throw .soldOut
        case .book: [.booked]
        case .cancel: count > 0 ? [.cancelled] : []
        }
    }
}

enum TripEvent: EventPayload, Codable, Hashable {
    case requested, forgotten
}

/// What a step does besides its command.
struct Disturbance: Error, CustomStringConvertible {
    var description = "disturbed"
}

struct Trip: Saga {
    static let name: SagaName = "trip"
    static let version = 1

    /// How often each step is still to fail before it succeeds.
    let failures: NIOLockedValueBox<[String: Int]>
    /// How often each step's work was called.
    let calls = NIOLockedValueBox<[String: Int]>([:])

    /// What a failure says.
    private let disturbance: Disturbance

    init(failures: [String: Int] = [:], says words: String = "disturbed") {
        self.failures = NIOLockedValueBox(failures)
        disturbance = Disturbance(description: words)
    }

    static func key(startedBy event: Recorded<TripEvent>) -> String? {
        event.payload == .requested ? event.event.stream.id : nil
    }

    var steps: [SagaStep<TripEvent>] {
        [
            step("flight", .compensatable, isUndone: true), step("hotel", .compensatable, isUndone: true),
            step("charge", .pivot, canBeSkipped: false), step("ticket", .retriable),
        ]
    }

    private func step(
        _ name: String, _ kind: SagaStep<TripEvent>.Kind, isUndone: Bool = false, canBeSkipped: Bool = true
    ) -> SagaStep<TripEvent> {
        let undo: SagaStep<TripEvent>.Work = { trigger, context in
            try disturb("undo \(name)")
            try await context.execute(.cancel, on: "\(trigger.event.stream.id).\(name)", as: Booking.self)
        }
        return SagaStep(
            name, kind, retryBudget: .seconds(1), canBeSkipped: canBeSkipped,
            action: { trigger, context in
                try disturb(name)
                try await context.execute(.book, on: "\(trigger.event.stream.id).\(name)", as: Booking.self)
                try fail("answer of \(name)")
            }, undo: isUndone ? undo : nil)
    }

    private func disturb(_ work: String) throws {
        calls.withLockedValue { $0[work, default: 0] += 1 }
        try fail(work)
    }

    private func fail(_ work: String) throws {
        try failures.withLockedValue { failures in
            guard let left = failures[work], left > 0 else { return }
            failures[work] = left - 1
            throw disturbance
        }
    }
}

let tripKey = "42"

/// A trip on a store in memory.
struct Agency: Sendable {
    let store: InMemoryEventStore
    let trigger: Recorded<TripEvent>

    /// - Parameter soldOut: Steps for which nothing is left.
    init(soldOut: [String] = []) async throws {
        store = InMemoryEventStore()
        for name in soldOut {
            try await store.record(Booking.Event.sold, Booking.category.stream("\(tripKey).\(name)"))
        }
        try await store.record(TripEvent.requested, StreamCategory("trip").stream(tripKey))
        trigger = try Recorded(try await store.readLog(after: nil, .backwards, filter: .all, limit: 1).events[0])
    }

    func runner(_ trip: Trip = Trip()) -> SagaRunner<Trip, InMemoryEventStore> {
        SagaRunner(trip, store: store, commands: CommandExecutor(store: store))
    }

    /// Runs it until it ends or waits for an operator; delays between attempts are left out.
    func finish(_ trip: Trip = Trip()) async throws -> SagaState {
        let runner = runner(trip)
        var instance = try await runner.begin(trigger)
        while case .retry = try await runner.run(&instance) {}
        return instance.state
    }

    /// The events of what was booked at `step`.
    func bookings(_ step: String) async throws -> [Booking.Event] {
        try await store.readAll(Booking.category.stream("\(tripKey).\(step)")).map { try $0.decode() }
    }

    var sagaEvents: [SagaEvent] {
        get async throws {
            try await store.readAll(SagaStream.name(Trip.name, key: tripKey)).map { try $0.decode() }
        }
    }
}

extension SagaRunner {
    func loadOurs() async throws -> SagaInstance<S>? { try await load(key: tripKey) }

    /// Starts the instance, or loads it when it was started before.
    func begin(_ trigger: Recorded<S.Trigger>) async throws -> SagaInstance<S> {
        if let loaded = try await loadOurs() { return loaded }
        return try #require(try await start(trigger))
    }
}

extension EventStore {
    func record(_ payload: some EventPayload, _ stream: StreamName) async throws {
        let event = try NewEvent(payload, metadata: EventMetadata(correlationID: .make(), actor: "test"))
        _ = try await append([event], to: stream, expecting: .any)
    }
}
