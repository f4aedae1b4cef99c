import EventSourcing
import PostgresClient
import PostgresServer
import Support
import Testing

@testable import PostgresEventStore

@Suite struct `Writing while something fails` {
    @Test func `tells whoever waits in the queue that nothing was written, once its time is over`() async throws {
        let fixture = try await StoreFixture()
        try await fixture.withStore({
            $0.appendPatience = .milliseconds(300)
            $0.statementTimeout = .milliseconds(200)
            $0.queueLimits.groupEventsMax = 1
        }) { store in
            let lock = try await HeadLock(fixture.connectionString)
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
            try await lock.release()
            #expect(messages.count == 20)
            #expect(messages.contains { $0.contains("Nothing was written") })
            #expect(messages.allSatisfy { $0.contains("Nothing was written") || $0.contains("Send the same append") })
        }
        // Another store: the first one's time is short for a connection and a read, too.
        let head = try await fixture.withStore { try await $0.head() }
        #expect(head == .start)
    }

    /// What the one append depends on cannot be looked at: somebody has locked the table of tags.
    @Test func `does not refuse an append for what another one of its group waits for`() async throws {
        let fixture = try await StoreFixture()
        try await fixture.withStore({ $0.statementTimeout = .seconds(4) }) { store in
            let owner = try await fixture.connect(as: nil)
            let lock = try await HeadLock(fixture.connectionString)
            let first = Task { try await store.append([event()], to: newStream(), expecting: .any) }
            try await lock.waitForWriter()
            try await owner.run { try $0.executeScript("BEGIN; LOCK TABLE strata.event_tags") }
            let unused = EventQuery(tagged: "never:used")
            let waiting = Task {
                try await store.append(
                    [StreamAppend(stream: newStream(), expected: .noStream, events: [event()])],
                    provided: [.noEvents(matching: unused, after: .start)])
            }
            let others = (0..<5).map { _ in
                Task { try await store.append([event()], to: newStream(), expecting: .noStream) }
            }
            try await lock.release()
            _ = try await first.value
            for other in others { _ = try await other.value }
            await expectError(.unavailable, "Nothing was written") { _ = try await waiting.value }
            try await owner.run { try $0.executeScript("COMMIT") }
            await owner.close()
            #expect(try await store.head() == Position(rawValue: 6))
        }
    }

    /// As when nobody fetches notifications any more, or the ids of transactions are used up.
    @Test func `waits for a server that has reached a limit of its own, and refuses nothing`() async throws {
        let fixture = try await StoreFixture()
        let owner = try await fixture.connect(as: nil)
        try await owner.run { session in
            try session.executeScript(
                """
                CREATE TABLE public.limit_reached (); GRANT SELECT ON public.limit_reached TO PUBLIC;
                CREATE SEQUENCE public.tries; GRANT USAGE ON public.tries TO PUBLIC;
                INSERT INTO public.limit_reached DEFAULT VALUES;
                CREATE FUNCTION public.reach_limit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                    PERFORM nextval('public.tries');
                    IF EXISTS (SELECT FROM public.limit_reached) THEN
                        RAISE EXCEPTION 'a limit was reached' USING ERRCODE = 'program_limit_exceeded';
                    END IF;
                    RETURN NULL;
                END $$;
                CREATE TRIGGER reach_limit BEFORE INSERT ON strata.events FOR EACH STATEMENT EXECUTE FUNCTION
                    public.reach_limit();
                """)
        }
        try await fixture.withStore { store in
            let appends = [ExpectedRevision.any, .noStream].map { expected in
                Task { try await store.append([event()], to: newStream(), expecting: expected) }
            }
            // Tried in vain, and again: a sequence counts also what is rolled back.
            try await eventually {
                try await owner.run { try $0.execute("SELECT last_value FROM public.tries").int64(0, 0) } > 2
            }
            try await owner.run { try $0.executeScript("DELETE FROM public.limit_reached") }
            for append in appends { #expect(try await !append.value.isRepeat) }
            #expect(try await store.head() == Position(rawValue: 2))
        }
        await owner.close()
    }

    /// Reads go on under such a lock, and an index is built under it; what is written waits.
    @Test func `outlasts a lock on the events that is held for longer than a statement may take`() async throws {
        let fixture = try await StoreFixture()
        try await fixture.withStore({ $0.statementTimeout = .seconds(1) }) { store in
            let owner = try await fixture.connect(as: nil)
            try await owner.run { try $0.executeScript("BEGIN; LOCK TABLE strata.events IN SHARE MODE") }
            let appends = (0..<5).map { _ in
                Task { try await store.append([event()], to: newStream(), expecting: .any) }
            }
            // More than two statements' time.
            try await Task.sleep(for: .milliseconds(2_500), clock: .continuous)
            try await owner.run { try $0.executeScript("COMMIT") }
            await owner.close()
            for append in appends { _ = try await append.value }
        }
    }

    @Test func `goes on when the schema was made anew under a connection that lives`() async throws {
        let fixture = try await StoreFixture()
        let stream = newStream()
        try await fixture.withStore { store in
            _ = try await store.append([event()], to: stream, expecting: .noStream)
            let fields = Migration.all.first { $0.name == "new_event" }?.sql ?? ""
            try await fixture.run { try $0.executeScript("DROP TYPE strata.new_event; " + fields) }
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
            try await waitUntilCommitsWait(database, connection)
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

    /// The processes of a server take a new setting in one after the other. It is not the session's own that decides
    /// whether a commit waits, and nothing but a commit that waits shows that it does.
    private func waitUntilCommitsWait(_ database: String, _ connection: PostgresConnection) async throws {
        let committing = try await PostgresConnection.connect(ConnectionConfiguration(connectionString: database))
        let commits = Task {
            while !Task.isCancelled {
                try await committing.run { session in
                    _ = try session.execute("SELECT pg_logical_emit_message(true, 'test', '')")
                }
            }
        }
        try await eventually { try await !cancelWaitForStandby(connection).isEmpty }
        commits.cancel()
        _ = await commits.result
        await committing.close()
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
