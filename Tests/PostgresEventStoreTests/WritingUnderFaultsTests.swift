import EventSourcing
import PostgresClient
import PostgresServer
import Testing

@testable import PostgresEventStore

@Suite struct `Writing while something fails` {
    /// Of two groups that are on their way the first one fails in one statement, the second one is written, and then the
    /// connection is lost before the first one has been decided again.
    @Test func `answers each append once, also when groups are answered out of order`() async throws {
        let fixture = try await StoreFixture()
        let (taken, free) = (newStream(), newStream())
        try await fixture.withStore({ $0.queueLimits.groupEventsMax = 1 }) { store in
            try await fixture.withStore { other in
                _ = try await other.append([event()], to: taken, expecting: .noStream)
            }
            _ = try await store.append([event()], to: newStream(), expecting: .noStream)
            var holders: [Holder] = []
            for _ in 0..<4 { holders.append(try await Holder(fixture)) }
            try await holders[0].lock()
            let before = Task { try await store.append([event()], to: newStream(), expecting: .noStream) }
            try await holders[0].waitForWaiters(1)
            // These two are sent together, once the one before them is answered.
            let refused = Task { try await store.append([event()], to: taken, expecting: .noStream) }
            try await eventually { store.appender.inbox.count == 1 }
            let written = Task { try await store.append([event()], to: free, expecting: .noStream) }
            try await eventually { store.appender.inbox.count == 2 }
            // Whoever asks for the lock gets it in turn: after each group it is somebody else's for a while.
            for (holder, next) in zip(holders, holders.dropFirst()) {
                let isNext = Task { try await next.lock() }
                try await holder.waitForWaiters(2)
                try await holder.release()
                try await isNext.value
                try await next.waitForWaiters(1)
            }
            _ = try await before.value
            #expect(try await written.value.streams.map(\.stream) == [free], "it was sent ahead")
            try await holders[3].cutWaiter()
            try await holders[3].release()

            let error = await #expect(throws: EventStoreError.self) { try await refused.value }
            #expect(error?.code == .conflict)
            #expect(try await store.readAll(taken).count == 1)
            #expect(try await store.readAll(free).count == 1)
            for holder in holders { await holder.close() }
        }
    }

    @Test func `tells whoever waits in the queue that nothing was written, once its time is over`() async throws {
        let fixture = try await StoreFixture()
        try await fixture.withStore({
            $0.appendPatience = .milliseconds(300)
            $0.statementTimeout = .milliseconds(200)
            $0.queueLimits.groupEventsMax = 1
        }) { store in
            let holder = try await Holder(fixture)
            try await holder.lock()
            let messages = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        do throws(EventStoreError) {
                            _ = try await store.append([event()], to: newStream(), expecting: .any)
                            return "written"
                        } catch {
                            #expect(error.code == .unavailable)
                            return error.message
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            try await holder.release()
            await holder.close()
            #expect(messages.count == 20)
            #expect(messages.contains { $0.contains("Nothing was written") })
            #expect(messages.allSatisfy { $0.contains("Nothing was written") || $0.contains("Send the same append") })
            #expect(try await store.head() == .start)
        }
    }

    @Test func `goes on when the schema was made anew under a connection that lives`() async throws {
        let fixture = try await StoreFixture()
        let stream = newStream()
        try await fixture.withStore { store in
            _ = try await store.append([event()], to: stream, expecting: .noStream)
            let fields = Migration.all.first { $0.name == "new_event" }?.sql ?? ""
            let connection = try await fixture.connect(as: nil)
            try await connection.run { session in
                try session.executeScript("DROP TYPE strata.new_event; " + fields)
            }
            await connection.close()
            for revision in 0..<2 {
                _ = try await store.append(
                    [event()], to: stream, expecting: .exact(Revision(rawValue: Int64(revision))))
            }
            #expect(try await store.readAll(stream).count == 3)
        }
    }

    /// PostgreSQL reports success when the wait for a standby is cancelled, and warns that the standby may not have it.
    @Test func `does not take a commit for durable that the standby may not have`() async throws {
        let temporary = try await TemporaryServer.start()
        let database = temporary.server.connectionString
        _ = try await Migrator().migrate(database)
        let connection = try await PostgresConnection.connect(ConnectionConfiguration(connectionString: database))
        let stream = newStream()
        try await PostgresEventStore.with(.init(connectionString: database), logger: StoreFixture.logger) { store in
            _ = try await store.append([event()], to: newStream(), expecting: .noStream)
            try await setStandby("nobody", connection)
            let append = Task { try await store.append([event()], to: stream, expecting: .noStream) }
            // An append that had been answered would not wait again, on a new connection.
            var cancelled: Set<Int32> = []
            try await eventually {
                cancelled.formUnion(try await cancelWaitForStandby(connection))
                return cancelled.count == 2
            }
            try await setStandby("", connection)
            #expect(try await append.value.position.rawValue == 2)
            #expect(try await store.readAll(stream).count == 1)
        }
        await connection.close()
        await temporary.remove()
    }

    private func setStandby(_ name: String, _ connection: PostgresConnection) async throws {
        try await connection.run { session in
            try session.executeScript("ALTER SYSTEM SET synchronous_standby_names = '\(name)'")
            try session.executeScript("SELECT pg_reload_conf()")
        }
        try await eventually {
            try await connection.run { session in
                try session.execute("SELECT current_setting('synchronous_standby_names')").text(0, 0) == name
            }
        }
    }

    private func cancelWaitForStandby(_ connection: PostgresConnection) async throws -> [Int32] {
        try await connection.run { session in
            let rows = try session.execute(
                """
                SELECT pid, pg_cancel_backend(pid)
                FROM (SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep' OFFSET 0) AS waiting
                """)
            return try (0..<rows.rowCount).map { try rows.int32($0, 0) }
        }
    }
}

/// Somebody else who asks for the lock of the log's head.
private struct Holder {
    private let connection: PostgresConnection
    private let observer: PostgresConnection

    init(_ fixture: StoreFixture) async throws {
        connection = try await fixture.connect()
        observer = try await fixture.connect(as: nil)
    }

    func lock() async throws {
        try await connection.run { session in
            try session.executeScript("BEGIN; SELECT head FROM strata.logs WHERE id = 1 FOR UPDATE")
        }
    }

    func release() async throws {
        try await connection.run { session in try session.executeScript("COMMIT") }
    }

    func waitForWaiters(_ count: Int64) async throws {
        try await eventually {
            try await observer.run { session in
                try session.execute("SELECT count(*) FROM pg_stat_activity WHERE \(Self.isWaiting)").int64(0, 0)
                    == count
            }
        }
    }

    /// Ends the session that waits.
    func cutWaiter() async throws {
        try await observer.run { session in
            try session.executeScript("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE \(Self.isWaiting)")
        }
    }

    func close() async {
        await connection.close()
        await observer.close()
    }

    private static let isWaiting = "datname = current_database() AND wait_event_type = 'Lock'"
}
