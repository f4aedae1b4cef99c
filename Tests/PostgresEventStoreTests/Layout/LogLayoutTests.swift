import EventSourcing
import EventSourcingTesting
import Logging
import PostgresClient
import PostgresEventStore
import PostgresServer
import Testing

@Suite struct `Several logs` {
    private let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func layout(_ rules: LogRouting.Rule..., logs: Set<LogName> = [.main, "orders"]) async throws -> LogLayout {
        LogLayout(mainDatabase: try await TemporaryPostgres.database(), logs: logs, routing: LogRouting(rules))
    }

    private func withStore<R: Sendable>(
        _ layout: LogLayout, _ body: (RoutedEventStore<PostgresEventStore>) async throws -> R
    ) async throws -> R {
        let store = try await layout.open(logger: quiet)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            for log in store.logs { group.addTask { try await log.run() } }
            defer { group.cancelAll() }
            return try await body(store)
        }
    }

    @Test(arguments: [false, true])
    func `number their events each by itself, in one database or two`(_ isApart: Bool) async throws {
        var layout = try await layout(.init(categories: ["order", "contract"], logs: ["orders"]))
        if isApart { layout.databases["orders"] = try await TemporaryPostgres.database() }
        let outcomes = try await layout.migrate()
        #expect(outcomes.count == (isApart ? 2 : 1))
        #expect(outcomes.last?.madeLogs == ["orders"])
        #expect(try await layout.migrate().allSatisfy { $0.madeLogs.isEmpty }, "once")
        try await withStore(layout) { store in
            for category in ["order", "stock", "order"] as [StreamCategory] {
                let stream = category.stream(EventID.make().description)
                _ = try await store.append([event(), event()], to: stream, expecting: .noStream)
            }
            #expect(try await store.heads().all.map(\.description) == ["2", "orders:4"])
            try await EventStoreContract(store).verifyStreams()
            try await EventStoreContract(#require(store.log(named: "orders"))).verify()
            #expect(try await store.heads()[.main] == Position(rawValue: 2), "no log sees the other's events")
        }
    }

    @Test func `are followed together, each in its order`() async throws {
        let layout = try await layout(
            .init(categories: ["test"], logs: ["a", "b", "c"]), logs: [.main, "a", "b", "c"])
        _ = try await layout.migrate()
        try await withStore(layout) { store in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        for _ in 0..<25 { _ = try await store.append([event()], to: newStream(), expecting: .noStream) }
                    }
                }
                var seen = LogPositions()
                for try await batch in store.subscribe(after: .start, pageSize: 7) {
                    for event in batch.events {
                        #expect(event.log == batch.log)
                        #expect(event.position == seen[batch.log].advanced(by: 1))
                        seen[batch.log] = event.position
                    }
                    if seen.eventCount == 200 { break }
                }
                #expect(seen.all.map(\.log) == ["a", "b", "c"], "each has some")
                try await group.waitForAll()
            }
        }
    }

    @Test func `have to be there`() async throws {
        var layout = try await layout()
        await expectRefusal("strata migrate") { _ = try await layout.open(logger: quiet) }
        layout.logs = [.main]
        _ = try await layout.migrate()
        layout.logs = [.main, "orders"]
        await expectRefusal("no log 'orders'") { _ = try await layout.open(logger: quiet) }
    }

    @Test func `are routed to in one way by all processes`() async throws {
        let layout = try await layout(.init(categories: ["order"], logs: ["orders"]))
        _ = try await layout.migrate()
        var other = layout
        other.routing = LogRouting()
        await expectRefusal("in another way") { _ = try await other.open(logger: quiet) }
        _ = try await other.migrate()
        _ = try await other.open(logger: quiet)
        await expectRefusal("in another way") { _ = try await layout.open(logger: quiet) }
    }

    @Test func `are routed to by bytes, and not by what looks the same`() async throws {
        let recorded = try await layout(.init(tenants: ["m\u{FC}ller"], logs: ["orders"]))
        _ = try await recorded.migrate()
        let other = LogLayout(
            mainDatabase: recorded.mainDatabase, logs: recorded.logs,
            routing: LogRouting([.init(tenants: ["mu\u{308}ller"], logs: ["orders"])]))
        await expectError(.incompatibleSchema, "in another way") { _ = try await other.open(logger: quiet) }
        try await withStore(recorded) { store in
            let stream = StreamCategory("order").stream("m\u{FC}ller/1")
            _ = try await store.append([event()], to: stream, expecting: .noStream)
        }
        await expectError(.incompatibleSchema, "streams cannot move") { _ = try await other.migrate() }
    }

    @Test func `keep a routing under which streams would move`() async throws {
        let layout = try await layout(.init(categories: ["order"], logs: ["orders"]))
        _ = try await layout.migrate()
        let order = StreamCategory("order").stream("42")
        try await withStore(layout) { store in
            _ = try await store.append([event()], to: order, expecting: .noStream)
            _ = try await store.append([event()], to: StreamCategory("stock").stream("1"), expecting: .noStream)
        }
        var moving = layout
        moving.routing = LogRouting()
        await expectRefusal("order-42 has events in the log orders") { _ = try await moving.migrate() }
        _ = try await layout.open(logger: quiet)

        var growing = layout
        growing.logs.insert("payments")
        growing.routing.rules.append(.init(categories: ["payment"], logs: ["payments"]))
        _ = try await growing.migrate()
        let events = try await withStore(growing) { store in try await store.readAll(order) }
        #expect(events.count == 1)
    }

    @Test(arguments: [false, true])
    func `are not forgotten with their streams when a deployment's file is`(_ isApart: Bool) async throws {
        var layout = try await layout(.init(categories: ["order"], logs: ["orders"]))
        if isApart { layout.databases["orders"] = try await TemporaryPostgres.database() }
        _ = try await layout.migrate()
        try await withStore(layout) { store in
            _ = try await store.append([event()], to: StreamCategory("order").stream("42"), expecting: .noStream)
        }
        let forgetful = LogLayout(mainDatabase: layout.mainDatabase)
        await expectRefusal(isApart ? "keep orders among its logs" : "order-42 has events in the log orders") {
            _ = try await forgetful.migrate()
        }
        _ = try await layout.open(logger: quiet)
    }

    private func expectRefusal(_ words: String, _ body: () async throws -> Void) async {
        do {
            try await body()
            Issue.record("it was accepted")
        } catch let error as EventStoreError {
            #expect(error.code == .incompatibleSchema)
            #expect(error.message.contains(words), "\(error)")
        } catch {
            Issue.record("\(error) was thrown")
        }
    }
}
