import EventSourcing
import EventSourcingTesting
import Testing

@Suite struct RoutedEventStoreTests {
    private let orders = InMemoryEventStore(log: "orders")
    private let main = InMemoryEventStore()
    private let store: RoutedEventStore<InMemoryEventStore>

    init() {
        store = RoutedEventStore(
            [orders, main],
            routing: LogRouting([.init(categories: ["order", "contract"], logs: ["orders"])]))
    }

    private func event(_ correlation: CorrelationID = .make(), causedBy cause: NewEvent? = nil) -> NewEvent {
        NewEvent(
            type: "Happened", payload: Array("{}".utf8),
            metadata: EventMetadata(
                correlationID: correlation, causationID: cause.map { CausationID($0.id) }, actor: "test"))
    }

    private let order = StreamCategory("order").stream("1")
    private let stock = StreamCategory("stock").stream("1")

    @Test func `streams of one log work as in a store of one log`() async throws {
        try await EventStoreContract(store).verifyStreams()
    }

    @Test func `an append goes to the log of its stream, and its receipt says so`() async throws {
        let receipt = try await store.append([event()], to: order, expecting: .noStream)
        #expect(receipt.log == "orders" && receipt.position == Position(rawValue: 1))
        #expect(try await store.append([event()], to: stock, expecting: .noStream).log == .main)
        #expect(try await orders.head() == Position(rawValue: 1))
        #expect(try await store.readAll(order).map(\.logPosition) == [LogPosition("orders", Position(rawValue: 1))])
    }

    @Test func `an append to two logs is refused, and so is a condition on another log's stream`() async throws {
        let appends = [order, stock].map { StreamAppend(stream: $0, expected: .any, events: [event()]) }
        for (appends, conditions) in [
            (appends, []), ([appends[0]], [AppendCondition.stream(stock, .noStream)]),
        ] {
            let error = await #expect(throws: EventStoreError.self) {
                try await store.append(appends, provided: conditions)
            }
            #expect(error?.code == .invalidAppend)
            #expect(error?.message.contains("one append is written to one log") == true)
        }
        for log in [orders, main] { #expect(try await log.head() == .start, "nothing was written") }
    }

    @Test func `a condition on events is about the log of the append`() async throws {
        var tagged = event()
        tagged.tags = ["code:1"]
        let free = AppendCondition.noEvents(matching: EventQuery(tagged: "code:1"), after: .start)
        _ = try await store.append([tagged], to: stock, expecting: .any, provided: [free])
        _ = try await store.append([event()], to: order, expecting: .any, provided: [free])
        await #expect(throws: EventStoreError.self) {
            try await store.append([event()], to: stock, expecting: .any, provided: [free])
        }
    }

    @Test func `a condition on events is refused where streams are spread over logs by a hash`() async throws {
        let store = RoutedEventStore(
            [orders, main], routing: LogRouting([.init(categories: ["order"], logs: ["orders", .main])]))
        let free = AppendCondition.noEvents(matching: EventQuery(tagged: "code:1"), after: .start)
        let error = await #expect(throws: EventStoreError.self) {
            try await store.append([event()], to: order, expecting: .any, provided: [free])
        }
        #expect(error?.code == .invalidAppend)
        #expect(error?.message.contains("are spread over several logs") == true)
        for log in [orders, main] { #expect(try await log.head() == .start, "nothing was written") }

        // Whichever of its streams is spread.
        let one = RoutedEventStore(
            [orders, main],
            routing: LogRouting(
                [
                    .init(categories: ["order"], logs: ["orders", .main]),
                    .init(categories: ["stock"], logs: ["orders"]),
                ]))
        let spread = try #require(
            (0..<99).map { StreamCategory("order").stream("\($0)") }.first { one.log(of: $0).log == "orders" })
        for streams in [[spread, stock], [stock, spread]] {
            let appends = streams.map { StreamAppend(stream: $0, expected: .any, events: [event()]) }
            await #expect(throws: EventStoreError.self) { try await one.append(appends, provided: [free]) }
        }

        let exact = AppendCondition.stream(order, .noStream)
        _ = try await store.append([event()], to: order, expecting: .any, provided: [exact])
        _ = try await store.append([event()], to: stock, expecting: .any, provided: [free])
    }

    @Test func `a transaction over several logs is read with every cause before its effect`() async throws {
        let correlation = CorrelationID.make()
        let placed = event(correlation)
        let reserved = event(correlation, causedBy: placed)
        let confirmed = event(correlation, causedBy: reserved)
        // The clock of the log `main` is an hour behind.
        let late = InMemoryEventStore { Timestamp.now.advanced(by: .seconds(-3_600)) }
        let store = RoutedEventStore([orders, late], routing: store.routing)
        _ = try await store.append([placed], to: order, expecting: .any)
        _ = try await store.append([reserved], to: stock, expecting: .any)
        _ = try await store.append([confirmed], to: order, expecting: .any)
        let events = try await store.events(correlatedBy: correlation, limit: 10)
        #expect(events.isComplete)
        #expect(events.events.map(\.id) == [placed, reserved, confirmed].map(\.id))
    }
}
