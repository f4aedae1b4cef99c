import EventSourcing
import PostgresClient
import Testing

@testable import PostgresEventStore

@Suite struct `A condition that reaches far back` {
    private func withLongLog(_ body: @Sendable (PostgresEventStore) async throws -> Void) async throws {
        try await StoreFixture().withStore { store in
            try await lengthen(store)
            try await body(store)
        }
    }

    /// By more events than conditions may reach back to be looked at under the lock alone.
    private func lengthen(_ store: PostgresEventStore) async throws {
        for _ in 0..<3 {
            _ = try await store.append((0..<3_500).map { _ in event() }, to: newStream(), expecting: .noStream)
        }
    }

    private func append(_ tag: EventTag, _ store: PostgresEventStore) async throws -> AppendReceipt {
        var tagged = event()
        tagged.tags = [tag]
        return try await store.append(
            [StreamAppend(stream: newStream(), expected: .noStream, events: [tagged])],
            provided: [.noEvents(matching: EventQuery(tagged: tag), after: .start)])
    }

    @Test func `holds once, and names the event that is against it, however far that is`() async throws {
        try await withLongLog { store in
            let once = try await append("code:1", store)
            for _ in 0..<2 {
                await expectError(.conflict, "\(once.position)") { _ = try await append("code:1", store) }
                try await lengthen(store)
            }
        }
    }

    @Test func `lets exactly one of sixteen through`() async throws {
        try await withLongLog { store in
            let written = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<16 { group.addTask { (try? await append("code:2", store)) != nil } }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(written == 1)
        }
    }

    @Test func `is beyond the log's end for what the same group adds before its position`() throws {
        func request(_ conditions: [AppendCondition]) -> AppendRequest {
            var tagged = event()
            tagged.tags = ["a"]
            return AppendRequest(
                [StreamAppend(stream: newStream(), expected: .noStream, events: [tagged])], provided: conditions,
                deadline: .now
            ) { _ in }
        }
        let beyond = AppendCondition.noEvents(matching: EventQuery(tagged: "a"), after: Position(rawValue: 1_000))
        let against = AppendCondition.noEvents(matching: EventQuery(tagged: "a"), after: Position(rawValue: 100))
        var plan = GroupPlan(GroupPlan.Knowledge(head: 100), of: "main")
        plan.decide([request([]), request([beyond]), request([against])])
        #expect(plan.unmet == [2])
    }
}
