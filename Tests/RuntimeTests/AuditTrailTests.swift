import EventSourcing
import Runtime
import Testing

@Suite struct `An audit trail` {
    private let store = InMemoryEventStore()

    @Test func `holds the entity's events and what followed from them`() async throws {
        let placed = try await record("Placed", "order-1", causation: CausationID(CommandID.derived(from: "place")))
        let reserved = try await record("Reserved", "stock-1", causation: CausationID(placed))
        _ = try await record("Captured", "payment-1", causation: CausationID(reserved))
        _ = try await record("Placed", "order-2", correlation: "another")
        let trail = try await load("order-1")
        #expect(trail.map(\.event.stream.rawValue) == ["order-1", "stock-1", "payment-1"])
        #expect(trail.map(\.depth) == [0, 1, 2])
        #expect(trail.map(\.isOwn) == [true, false, false])
    }

    @Test func `follows commands as well as events`() async throws {
        let started = try await record("Started", "saga-1")
        let command = CommandID.derived(from: "reserve")
        _ = try await record("Reserved", "stock-1", causation: CausationID(started), command: command)
        _ = try await record("Noted", "note-1", causation: CausationID(command))
        #expect(try await load("saga-1").map(\.depth) == [0, 1, 2])
    }

    @Test func `counts from the first event that is in it`() async throws {
        _ = try await record("Shipped", "order-1", causation: .derived(from: "a message from outside"))
        #expect(try await load("order-1").map(\.depth) == [0])
    }

    @Test func `is in the order of the log, over several transactions and streams`() async throws {
        _ = try await record("Placed", "order-1")
        _ = try await record("Captured", "payment-1", correlation: "payment")
        _ = try await record("Shipped", "order-1", correlation: "shipping")
        let trail = try await load("order-1", "payment-1")
        #expect(trail.map(\.event.position.rawValue) == [1, 2, 3])
        #expect(trail.allSatisfy { $0.isOwn })
    }

    @Test func `of an entity without events is empty`() async throws {
        #expect(try await load("order-1").isEmpty)
    }

    @Test(arguments: [997, 998, 1_000])
    func `says whether it holds all of a transaction, and holds all of the entity's own`(_ count: Int) async throws {
        let metadata = EventMetadata(correlationID: .derived(from: "order"), actor: "test")
        let others = (0..<count).map { _ in NewEvent(type: "Noted", payload: Array("{}".utf8), metadata: metadata) }
        _ = try await record("Placed", "order-1")
        _ = try await store.append(others, to: StreamName(recorded: "note-1"), expecting: .noStream)
        _ = try await record("Shipped", "order-1")
        let trail = try await AuditTrail(store: store).load([StreamName(recorded: "order-1")])
        #expect(trail.isComplete == (count < 998))
        #expect(trail.entries.filter(\.isOwn).map(\.event.type) == ["Placed", "Shipped"])
        #expect(trail.entries.count == min(count + 2, 1_001))
    }

    @Test func `is the same on PostgreSQL`() async throws {
        try await Deployment().withProcess { process in
            let placed = try await record("Placed", "order-1", in: process.store)
            _ = try await record("Reserved", "stock-1", causation: CausationID(placed), in: process.store)
            let trail = try await AuditTrail(store: process.store).load([StreamName(recorded: "order-1")]).entries
            #expect(trail.map(\.depth) == [0, 1])
            #expect(trail.map(\.isOwn) == [true, false])
        }
    }

    private func record(
        _ type: EventType, _ stream: String, correlation: String = "order", causation: CausationID? = nil,
        command: CommandID? = nil
    ) async throws -> EventID {
        try await record(type, stream, correlation: correlation, causation: causation, command: command, in: store)
    }

    private func record(
        _ type: EventType, _ stream: String, correlation: String = "order", causation: CausationID? = nil,
        command: CommandID? = nil, in store: some StreamStore
    ) async throws -> EventID {
        let metadata = EventMetadata(
            correlationID: .derived(from: correlation), causationID: causation, commandID: command, actor: "test")
        let event = NewEvent(type: type, payload: Array("{}".utf8), metadata: metadata)
        _ = try await store.append([event], to: StreamName(recorded: stream), expecting: .any)
        return event.id
    }

    private func load(_ streams: String...) async throws -> [AuditTrail<InMemoryEventStore>.Entry] {
        try await AuditTrail(store: store).load(streams.map(StreamName.init(recorded:))).entries
    }
}
