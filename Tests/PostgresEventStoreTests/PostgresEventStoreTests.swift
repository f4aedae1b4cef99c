import EventSourcing
import EventSourcingTesting
import PostgresClient
import PostgresEventStore
import Support
import Testing

@Suite struct PostgresEventStoreTests {
    @Test func `keeps the contract of event stores`() async throws {
        try await StoreFixture().withStore { store in
            try await EventStoreContract(store).verify()
        }
    }

    @Test func `two processes on one database append to one dense log`() async throws {
        let fixture = try await StoreFixture()
        let stream = newStream()
        try await fixture.withStore { left in
            try await fixture.withStore { right in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for index in 0..<100 {
                        let store = index.isMultiple(of: 2) ? left : right
                        group.addTask { _ = try await store.append([event()], to: stream, expecting: .any) }
                    }
                    try await group.waitForAll()
                }
                let log = try await left.readLog(after: nil, .forwards, filter: .all, limit: 1_000).events
                #expect(log.map(\.position.rawValue) == Array(1...100))
                #expect(log.map(\.revision.rawValue) == Array(0..<100))
                #expect(try await right.head() == Position(rawValue: 100))
            }
        }
    }

    @Test func `a stale revision in one process is refused after an append of another`() async throws {
        let fixture = try await StoreFixture()
        let stream = newStream()
        try await fixture.withStore { left in
            try await fixture.withStore { right in
                _ = try await left.append([event()], to: stream, expecting: .noStream)
                _ = try await right.append([event()], to: stream, expecting: .exact(.first))
                await #expect(throws: EventStoreError.self) {
                    try await left.append([event()], to: stream, expecting: .exact(.first))
                }
                #expect(try await left.readAll(stream).count == 2)
            }
        }
    }

    @Test func `what a notification says that is not so is found out, and nobody asks for it for ever`() async throws {
        let fixture = try await StoreFixture()
        try await fixture.withStore { store in
            let receipt = try await store.append([event()], to: newStream(), expecting: .noStream)
            let other = try await fixture.connect()
            try await eventually {
                try await other.run { try $0.executeScript("NOTIFY strata_log_1, '9223372036854775806'") }
                return try await store.waitForEvents(after: receipt.position, timeout: .seconds(1)) > receipt.position
            }
            // Once the last of them has come.
            try await eventually {
                for _ in 0..<3 {
                    let head = try await store.waitForEvents(after: receipt.position, timeout: .milliseconds(20))
                    guard head == receipt.position else { return false }
                }
                return true
            }
            await other.close()
        }
    }

    @Test func `a stream that grows is read backwards from beyond its end`() async throws {
        try await StoreFixture().withStore { store in
            let stream = newStream()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for _ in 0..<300 { _ = try await store.append([event()], to: stream, expecting: .any) }
                }
                for _ in 0..<2 {
                    group.addTask {
                        var count = 0
                        while count < 300 {
                            let events = try await store.read(
                                stream, from: Revision(rawValue: 1_000), .backwards, limit: 400
                            ).events
                            count = events.count
                            #expect(events.map(\.revision.rawValue) == (0..<Int64(count)).reversed())
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func `an event of a time that cannot be told is an error, and ends nobody's process`() async throws {
        let fixture = try await StoreFixture()
        try await fixture.withStore { store in
            let stream = newStream()
            _ = try await store.append([event()], to: stream, expecting: .noStream)
            let owner = try await fixture.connect(as: nil)
            for time in ["infinity", "-infinity"] {
                try await owner.run { session in
                    try session.executeScript(
                        "SET session_replication_role = replica; UPDATE strata.events SET recorded_at = '\(time)'")
                }
                await #expect(throws: EventStoreError.self) { try await store.readAll(stream) }
                await #expect(throws: EventStoreError.self) {
                    try await store.readLog(after: nil, .forwards, filter: .all, limit: 10)
                }
            }
            await owner.close()
        }
    }

    @Test func `a subscription hears of events that another process appends`() async throws {
        let fixture = try await StoreFixture()
        try await fixture.withStore { writer in
            try await fixture.withStore { reader in
                async let first = reader.subscribe(after: .start).first { !$0.events.isEmpty }
                let stream = newStream()
                _ = try await writer.append([event()], to: stream, expecting: .noStream)
                #expect(try await first?.events.map(\.stream) == [stream])
            }
        }
    }

    @Test func `an append that PostgreSQL never takes leaves its neighbours alone`() async throws {
        try await StoreFixture().withStore { store in
            let connectionless = StreamName(recorded: "test-\u{0}")
            await #expect(throws: EventStoreError.self) {
                try await store.append([event()], to: connectionless, expecting: .any)
            }
            _ = try await store.append([event()], to: newStream(), expecting: .noStream)
        }
    }

    @Test func `a read whose task is cancelled says so`() async throws {
        try await StoreFixture().withStore { store in
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await store.head()
            }
            do {
                let head = try await task.value
                Issue.record("it was answered: \(head)")
            } catch {
                let error = error as? EventStoreError
                #expect(error?.code == .cancelled)
                #expect(error?.message == "The task was cancelled while it read.")
            }
        }
    }

    @Test func `a store that is stopped refuses reads and says so`() async throws {
        let store = try await StoreFixture().withStore { store in store }
        do throws(EventStoreError) {
            let head = try await store.head()
            Issue.record("it was answered: \(head)")
        } catch {
            #expect(error.code == .closed)
            #expect(error.message.contains("is stopped"))
        }
    }

    @Test func `a store that is stopped refuses appends and says so`() async throws {
        let store = try await StoreFixture().withStore { store in store }
        do throws(EventStoreError) {
            _ = try await store.append([event()], to: newStream(), expecting: .any)
            Issue.record("the append was taken")
        } catch {
            #expect(error.code == .closed)
        }
    }
}
