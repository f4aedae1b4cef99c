import EventSourcing
import PostgresEventStore
import Runtime

enum Request: EventPayload, Codable, Hashable {
    case ordered
    static let eventTypes: [EventType]? = ["ordered"]
}

/// What was done with a parcel. Doing it twice shows: only the command's id keeps it from being done again.
struct Parcel: Aggregate {
    enum Event: EventPayload, Codable, Hashable {
        case stamped(String)
    }

    enum Command: Sendable {
        case stamp(String)
    }

    enum Refusal: String, BusinessRefusal {
        case none
        var code: String { rawValue }
        var description: String { rawValue }
    }

    static let category: StreamCategory = "parcel"

    init() {}
    mutating func apply(_ event: Event) {}

    func decide(_ command: Command) throws(Refusal) -> [Event] {
        switch command {
        case .stamp(let step): [.stamped(step)]
        }
    }
}

/// Packs a parcel and sends it.
struct Delivery: Saga {
    static let name: SagaName = "delivery"
    static let version = 1

    /// What happens in a step before its command; gets the instance's key and the step.
    var work: @Sendable (String, String) async throws -> Void = { _, _ in }

    static func key(startedBy event: Recorded<Request>) -> String? { event.event.stream.id }

    var steps: [SagaStep<Request>] {
        [step("pack", .compensatable), step("send", .retriable)]
    }

    private func step(_ name: String, _ kind: SagaStep<Request>.Kind) -> SagaStep<Request> {
        SagaStep(name, kind, retryBudget: .seconds(300)) { trigger, context in
            try await work(trigger.event.stream.id, name)
            try await context.execute(.stamp(name), on: trigger.event.stream.id, as: Parcel.self)
        }
    }
}

extension Process {
    /// - Parameter leaseTime: How long it keeps its shares when the machine stands still; `nil` for as long as usual.
    func coordinator(
        _ delivery: Delivery = Delivery(), activeMax: Int = 256, leaseTime: Duration? = nil
    ) -> SagaCoordinator<Delivery, some StreamStore> {
        var limits = SagaCoordinator<Delivery, RoutedEventStore<PostgresEventStore>>.Limits(
            activeMax: activeMax, recoveryInterval: .seconds(1))
        if let leaseTime { limits.leaseTime = leaseTime }
        return SagaCoordinator(
            delivery, store: store, commands: CommandExecutor(store: store), pool: pool, limits: limits,
            logger: logger)
    }

    func order(_ keys: some Sequence<String>) async throws {
        let appends = try keys.map { key in
            let event = try NewEvent(Request.ordered, metadata: EventMetadata(correlationID: .make(), actor: "test"))
            return StreamAppend(stream: StreamCategory("order").stream(key), expected: .noStream, events: [event])
        }
        _ = try await store.append(appends)
    }

    /// How many instances have come to their end.
    func endedCount() async throws -> Int {
        let filter = EventFilter(types: ["SagaCompleted"])
        var count = 0
        for log in store.logs {
            count += try await log.readLog(after: nil, .forwards, filter: filter, limit: 10_000).events.count
        }
        return count
    }

    func stamps(_ key: String) async throws -> [Parcel.Event] {
        try await store.readAll(Parcel.category.stream(key)).map { try $0.decode() }
    }
}
