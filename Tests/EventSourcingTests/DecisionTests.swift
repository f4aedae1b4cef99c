import EventSourcing
import EventSourcingTesting
import Testing

@Suite struct `Carrying out a decision` {
    private let store = WatchedStore()

    @Test func `records what it decides, with the tags of its events and of its command`() async throws {
        try await offer(places: 1)
        let context = command("c")
        let receipt = try await take("ann", context)
        #expect(receipt.streams.map(\.stream) == [stream("ann")])
        #expect(receipt.position == Position(rawValue: 2))
        let event = try #require(try await store.readAll(stream("ann")).first)
        #expect(
            event.tags == ["course:swift", "student:ann", EventTag("command", context.commandID.description)])
        #expect(event.metadata.commandID == context.commandID)
    }

    @Test func `depends on what is recorded between its reading and its append`() async throws {
        try await offer(places: 1)
        store.beforeAppend { [base = store.base] () async throws(EventStoreError) in
            _ = try? await CommandExecutor(store: base).execute(
                TakePlace(course: "swift", student: "bob"), EventSourcingTests.command())
        }
        await expectRefused(.full) { try await take("ann") }
        #expect(try await store.head() == Position(rawValue: 2))
    }

    @Test func `does not depend on what its query does not find`() async throws {
        try await offer(places: 1)
        store.beforeAppend { [base = store.base] () async throws(EventStoreError) in
            _ = try? await CommandExecutor(store: base).jar(.fill(1))
        }
        _ = try await take("ann")
        #expect(store.counts.appends == 1)
    }

    @Test func `gives up when others are always faster`() async throws {
        try await offer(places: 1_000)
        store.beforeAppend { [base = store.base] () async throws(EventStoreError) in
            _ = try? await CommandExecutor(store: base).execute(
                TakePlace(course: "swift", student: EventID.make().description), EventSourcingTests.command())
        }
        do {
            _ = try await CommandExecutor(store: store, attemptsMax: 3).execute(
                TakePlace(course: "swift", student: "ann"), command())
            Issue.record("it was carried out")
        } catch CommandError<TakePlace.Refusal>.contended(let attempts) {
            #expect(attempts == 3)
        }
        #expect(try await store.readAll(stream("ann")).isEmpty)
    }

    @Test func `that is already so records nothing`() async throws {
        try await offer(places: 1)
        _ = try await take("ann")
        let again = try await take("ann")
        #expect(again == AppendReceipt(streams: [], isRepeat: false))
        #expect(try await store.head() == Position(rawValue: 2))
    }

    @Test func `fails when a stream is not as it expects, and its query does not say why`() async throws {
        _ = try await store.append(
            [try NewEvent(Jar.Event.filled(1), metadata: metadata)], to: jarStream, expecting: .any)
        do {
            _ = try await CommandExecutor(store: store).execute(FillFirst(), command())
            Issue.record("it was carried out")
        } catch CommandError<Jar.Refusal>.store(let error) {
            #expect(error.conflict?.actual == .first)
        }
        #expect(store.counts.appends == 2, "what cannot come true is not tried again")
    }

    @Test func `holds what its caller requires`() async throws {
        try await offer(places: 1)
        let executor = CommandExecutor(store: store)
        do {
            _ = try await executor.execute(
                TakePlace(course: "swift", student: "ann"), provided: [.stream(stream("bob"), .streamExists)],
                command())
            Issue.record("it was carried out")
        } catch CommandError<TakePlace.Refusal>.store(let error) {
            #expect(error.conflict?.stream == stream("bob"))
        }
        #expect(try await store.head() == Position(rawValue: 1))
    }

    @Test func `that the store does not take passes on why`() async throws {
        try await offer(places: 1)
        store.beforeAppend { () async throws(EventStoreError) in throw EventStoreError(.overloaded, "Too much.") }
        do {
            _ = try await take("ann")
            Issue.record("it was carried out")
        } catch CommandError<TakePlace.Refusal>.store(let error) {
            #expect(error.code == .overloaded)
        }
    }

    // MARK: Repeats

    @Test func `that comes twice is answered as the first time, and before it would be refused`() async throws {
        try await offer(places: 1)
        let first = try await take("ann", command("c"))
        let again = try await take("ann", command("c"))
        #expect(again == AppendReceipt(streams: first.streams, isRepeat: true))
        // The place is gone by now, and the command has taken it.
        let other = try await CommandExecutor(store: store).execute(
            TakePlace(course: "swift", student: "eve"), command("c"))
        #expect(other == AppendReceipt(streams: first.streams, isRepeat: true))
        #expect(try await store.head() == Position(rawValue: 2))
    }

    @Test func `is answered from the log after a crash between the append and its answer`() async throws {
        try await offer(places: 1)
        store.beforeAppend { [base = store.base] () async throws(EventStoreError) in
            _ = try? await CommandExecutor(store: base).execute(
                TakePlace(course: "swift", student: "ann"), EventSourcingTests.command("c"))
            throw EventStoreError(.unavailable, "The answer was lost.")
        }
        do {
            _ = try await take("ann", command("c"))
            Issue.record("the answer was lost")
        } catch CommandError<TakePlace.Refusal>.store(let error) {
            #expect(error.code == .unavailable)
        }
        store.beforeAppend(nil)
        let receipt = try await take("ann", command("c"))
        #expect(receipt.isRepeat)
        #expect(receipt.position == Position(rawValue: 2))
        #expect(try await store.readAll(stream("ann")).count == 1)
    }

    @Test func `that is recorded while it is decided is answered by the store`() async throws {
        try await offer(places: 5)
        store.beforeAppend { [base = store.base] () async throws(EventStoreError) in
            _ = try? await CommandExecutor(store: base).execute(
                TakePlace(course: "swift", student: "ann"), EventSourcingTests.command("c"))
        }
        #expect(try await take("ann", command("c")).isRepeat)
        #expect(try await store.readAll(stream("ann")).count == 1)
    }

    @Test func `with another request under its command id is noticed`() async throws {
        try await offer(places: 5)
        _ = try await take("ann", command("c", fingerprint: "one"))
        await expectReused { try await take("eve", command("c", fingerprint: "two")) }
        // The store alone would take it for a repeat.
        store.beforeAppend { [base = store.base] () async throws(EventStoreError) in
            _ = try? await CommandExecutor(store: base).execute(
                TakePlace(course: "swift", student: "bob"), EventSourcingTests.command("d", fingerprint: "one"))
        }
        await expectReused { try await take("bob", command("d", fingerprint: "two")) }
    }

    @Test func `under the id of a command on an aggregate is noticed`() async throws {
        try await CommandExecutor(store: store).jar(.fill(1), command("c", fingerprint: "one"))
        do {
            _ = try await CommandExecutor(store: store).execute(FillFirst(), command("c", fingerprint: "two"))
            Issue.record("it was carried out")
        } catch CommandError<Jar.Refusal>.commandIDReused {}
        #expect(try await store.coins().count == 1)
    }

    // MARK: Support

    private var metadata: EventMetadata { EventMetadata(correlationID: .make(), actor: "test") }

    private func stream(_ student: String) -> StreamName { StreamCategory("student").stream(student) }

    private func offer(places: Int) async throws {
        let offered = try NewEvent(CourseEvent.courseOffered("swift", places: places), metadata: metadata)
        _ = try await store.base.append([offered], to: StreamCategory("course").stream("swift"), expecting: .noStream)
    }

    private func take(
        _ student: String, _ context: CommandContext = EventSourcingTests.command()
    ) async throws -> AppendReceipt {
        try await CommandExecutor(store: store).execute(TakePlace(course: "swift", student: student), context)
    }

    private func expectRefused(
        _ refusal: TakePlace.Refusal, _ body: () async throws -> AppendReceipt
    ) async {
        do {
            let receipt = try await body()
            Issue.record("it was carried out: \(receipt)")
        } catch CommandError<TakePlace.Refusal>.refused(let found) {
            #expect(found == refusal)
        } catch {
            Issue.record("\(error) was thrown")
        }
    }

    private func expectReused(_ body: () async throws -> AppendReceipt) async {
        do {
            let receipt = try await body()
            Issue.record("it was answered with \(receipt)")
        } catch CommandError<TakePlace.Refusal>.commandIDReused {
        } catch {
            Issue.record("\(error) was thrown")
        }
    }
}

/// Wants to be the first in a stream that its query does not look at.
private struct FillFirst: Decision {
    typealias Event = Jar.Event
    typealias Refusal = Jar.Refusal

    var query: EventQuery { EventQuery(tagged: "nobody:has-this") }

    mutating func apply(_: Recorded<Jar.Event>) {}

    func decide() throws(Refusal) -> [DecidedEvents<Jar.Event>] {
        [DecidedEvents(.filled(1), to: jarStream, expecting: .noStream)]
    }
}
