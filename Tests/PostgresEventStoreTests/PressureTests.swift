import EventSourcing
import EventSourcingTesting
import PostgresEventStore
import Support
import Testing

@Suite struct `A store under pressure` {
    @Test func `refuses at once what its queue does not hold, and writes what it took`() async throws {
        let fixture = try await StoreFixture()
        try await fixture.withStore({ $0.queueLimits.requestsMax = 4 }) { store in
            let lock = try await HeadLock(fixture.connectionString)
            let refused = Refused()
            let receipts = try await withThrowingTaskGroup(of: AppendReceipt?.self) { group in
                group.addTask { try await store.append([event()], to: newStream(), expecting: .any) }
                try await lock.waitForWriter()
                for _ in 0..<9 {
                    group.addTask {
                        do throws(EventStoreError) {
                            return try await store.append([event()], to: newStream(), expecting: .noStream)
                        } catch {
                            await refused.note(error)
                            return nil
                        }
                    }
                }
                // The lock is still held: they do not wait for it.
                try await eventually { await refused.errors.count == 5 }
                try await lock.release()
                var receipts: [AppendReceipt] = []
                for try await case let receipt? in group { receipts.append(receipt) }
                return receipts
            }
            #expect(await refused.errors.allSatisfy { $0.code == .overloaded })
            #expect(await refused.errors.allSatisfy { $0.message.contains("at most 4 of") })
            #expect(receipts.map(\.position.rawValue).sorted() == [1, 2, 3, 4, 5])
            let stored = try await store.readLog(after: nil, .forwards, filter: .all, limit: 100).events
            #expect(
                Set(stored.map(\.stream)) == Set(receipts.flatMap { $0.streams.map(\.stream) }),
                "what was taken is written, and nothing else")
        }
    }

    private actor Refused {
        private(set) var errors: [EventStoreError] = []
        func note(_ error: EventStoreError) { errors.append(error) }
    }

    @Test func `takes a cancelled append out of its queue, and does not write it`() async throws {
        let fixture = try await StoreFixture()
        try await fixture.withStore { store in
            let lock = try await HeadLock(fixture.connectionString)
            let (first, second, third) = (newStream(), newStream(), newStream())
            let written = Task { try await store.append([event()], to: first, expecting: .any) }
            try await lock.waitForWriter()
            // They run on this task until they are in the queue.
            let waiting = Task.immediate { try await store.append([event()], to: second, expecting: .noStream) }
            let neighbour = Task.immediate { try await store.append([event()], to: third, expecting: .noStream) }
            waiting.cancel()
            await expectCancelled(waiting)
            // It is in a group already: its caller is told what became of it.
            written.cancel()
            try await lock.release()
            #expect(try await written.value.position == Position(rawValue: 1))
            #expect(try await neighbour.value.position == Position(rawValue: 2))
            #expect(try await store.readAll(first).count == 1)
            #expect(try await store.readAll(second).isEmpty)
        }
    }

    /// Nothing fails: the group in front of them takes long, and that is all.
    @Test func `does not write what has waited for longer than an append may take`() async throws {
        let fixture = try await StoreFixture()
        try await fixture.withStore({ $0.appendPatience = .seconds(6) }) { store in
            _ = try await store.append([event()], to: newStream(), expecting: .noStream)
            let lock = try await HeadLock(fixture.connectionString)
            let first = Task { try await store.append([event()], to: newStream(), expecting: .any) }
            try await lock.waitForWriter()
            // They run on this task until they are in the queue.
            let late = (0..<5).map { _ in
                Task.immediate { try await store.append([event()], to: newStream(), expecting: .noStream) }
            }
            try await Task.sleep(for: .milliseconds(6_100), clock: .continuous)
            let neighbour = Task.immediate { try await store.append([event()], to: newStream(), expecting: .noStream) }
            try await lock.release()
            #expect(try await first.value.position == Position(rawValue: 2))
            for append in late {
                await expectError(.unavailable, "Nothing was written") { _ = try await append.value }
            }
            #expect(try await neighbour.value.position == Position(rawValue: 3))
            #expect(try await store.head() == Position(rawValue: 3))
        }
    }

    @Test func `does not write for a task that was cancelled before`() async throws {
        try await StoreFixture().withStore { store in
            let stream = newStream()
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await store.append([event()], to: stream, expecting: .noStream)
            }
            await expectCancelled(task)
            let events = try await store.readAll(stream)
            #expect(events.isEmpty)
        }
    }

    @Test func `lets an append be given up while nobody runs it`() async throws {
        let fixture = try await StoreFixture()
        let store = PostgresEventStore(.init(connectionString: fixture.connectionString), logger: fixture.logger)
        // Runs on this task until it is in the queue.
        let task = Task.immediate { try await store.append([event()], to: newStream(), expecting: .noStream) }
        task.cancel()
        await expectCancelled(task)
    }

    @Test func `leaves no cancelled append open: it is written and answered, or cancelled and not there`() async throws
    {
        let seed = UInt64.random(in: 0 ... .max)
        try await StoreFixture().withStore { store in
            var random = Seeded(seed)
            let delays = (0..<400).map { _ in Int.random(in: 0...3_000, using: &random) }
            let outcomes = await withTaskGroup(of: (StreamName, Result<AppendReceipt, any Error>).self) { group in
                for delay in delays {
                    group.addTask {
                        let stream = newStream()
                        let append = Task { try await store.append([event()], to: stream, expecting: .noStream) }
                        try? await Task.sleep(for: .microseconds(delay))
                        append.cancel()
                        return (stream, await append.result)
                    }
                }
                var outcomes: [(StreamName, Result<AppendReceipt, any Error>)] = []
                for await outcome in group { outcomes.append(outcome) }
                return outcomes
            }
            for (stream, result) in outcomes {
                let events = try await store.readAll(stream)
                switch result {
                case .success(let receipt):
                    #expect(events.map(\.position) == [receipt.position], "seed \(seed)")
                case .failure(let error):
                    #expect((error as? EventStoreError)?.code == .cancelled, "seed \(seed): \(error)")
                    #expect(events.isEmpty, "seed \(seed): it was not written")
                }
            }
        }
    }

    @Test func `takes no more subscriptions than its limit, and one more when one has ended`() async throws {
        try await StoreFixture().withStore({ $0.readLimits.subscriptionsMax = 2 }) { store in
            _ = try await store.append([event()], to: newStream(), expecting: .noStream)
            let first = store.subscribe(after: .start).makeAsyncIterator()
            var second: EventSubscription<PostgresEventStore>.Iterator? = store.subscribe(after: .start)
                .makeAsyncIterator()
            #expect(try await first.next()?.events.count == 1)
            #expect(try await second?.next()?.events.count == 1)
            do throws(EventStoreError) {
                _ = try await store.subscribe(after: .start).makeAsyncIterator().next()
                Issue.record("a third subscription was taken")
            } catch {
                #expect(error.code == .tooManySubscriptions)
                #expect(error.message.contains("2 subscriptions are open"))
            }
            second = nil
            #expect(try await store.subscribe(after: .start).makeAsyncIterator().next()?.events.count == 1)
        }
    }

    private func expectCancelled(_ task: Task<AppendReceipt, any Error>) async {
        do {
            let receipt = try await task.value
            Issue.record("it was written: \(receipt)")
        } catch {
            #expect((error as? EventStoreError)?.code == .cancelled)
        }
    }
}
