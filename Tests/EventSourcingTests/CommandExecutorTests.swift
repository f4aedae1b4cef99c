import EventSourcing
import EventSourcingTesting
import Testing

@Suite struct `Carrying out a command` {
    private let store = WatchedStore()

    @Test func `records what the aggregate decides`() async throws {
        let receipt = try await CommandExecutor(store: store).jar(.fillSingly(2))
        #expect(
            receipt
                == CommandReceipt(
                    revision: Revision(rawValue: 1), position: LogPosition(.main, Position(rawValue: 2)),
                    isRepeat: false)
        )
        #expect(try await store.coins() == [.filled(1), .filled(1)])
    }

    @Test func `decides from all earlier events`() async throws {
        try await CommandExecutor(store: store).jar(.fill(8))
        await #expect(throws: CommandError<Jar.Refusal>.self) { try await CommandExecutor(store: store).jar(.fill(3)) }
        try await CommandExecutor(store: store).jar(.fill(2))
        #expect(try await store.coins() == [.filled(8), .filled(2)])
    }

    @Test func `records who, why and on behalf of what`() async throws {
        let context = CommandContext(
            commandID: .derived(from: "c"), correlationID: .derived(from: "k"), causationID: .derived(from: "m"),
            actor: "ada", reason: "payday", fingerprint: "f", traceContext: "00-1-2-01")
        try await CommandExecutor(store: store).jar(.fill(1), context)
        let metadata = try #require(try await store.readAll(jarStream).first?.metadata)
        #expect(
            metadata
                == EventMetadata(
                    correlationID: .derived(from: "k"), causationID: .derived(from: "m"),
                    commandID: .derived(from: "c"),
                    commandFingerprint: "f", actor: "ada", reason: "payday", traceContext: "00-1-2-01"))
    }

    @Test func `takes the command as the cause when none is named`() async throws {
        try await CommandExecutor(store: store).jar(.fill(1), command("c"))
        let event = try #require(try await store.readAll(jarStream).first)
        #expect(event.causationID == CausationID(CommandID.derived(from: "c")))
    }

    @Test func `on a warm aggregate reads nothing`() async throws {
        let executor = CommandExecutor(store: store)
        try await executor.jar(.fill(1))
        let before = store.counts
        try await executor.jar(.fill(1))
        #expect(store.counts.reads == before.reads)
        #expect(store.counts.finds == before.finds)
    }

    @Test func `that is already so records nothing`() async throws {
        let receipt = try await CommandExecutor(store: store).jar(.look)
        #expect(receipt == CommandReceipt(revision: nil, position: nil, isRepeat: false))
        #expect(try await store.head() == .start)
    }

    @Test func `passes the refusal on`() async throws {
        await expectRefused(.empty) { try await CommandExecutor(store: store).jar(.take(1)) }
        #expect(try await store.head() == .start)
    }

    @Test func `on a stale aggregate decides again`() async throws {
        let (here, there) = (CommandExecutor(store: store), CommandExecutor(store: store.base))
        try await here.jar(.fill(4))
        try await there.jar(.fill(4))
        await expectRefused(.full(8)) { try await here.jar(.fill(4)) }
        try await here.jar(.fill(2))
        #expect(try await store.coins() == [.filled(4), .filled(4), .filled(2)])
    }

    @Test func `refuses nothing for what is no longer so`() async throws {
        let (here, there) = (CommandExecutor(store: store), CommandExecutor(store: store.base))
        try await here.jar(.fill(10))
        try await there.jar(.take(5))
        try await here.jar(.fill(5))
        #expect(try await here.state(of: "1", as: Jar.self).state.coins == 10)
    }

    @Test func `that was already so is looked at again when the aggregate is stale`() async throws {
        let (here, there) = (CommandExecutor(store: store), CommandExecutor(store: store.base))
        try await here.jar(.fill(10))
        try await there.jar(.take(5))
        #expect(try await here.jar(.look).revision == Revision(rawValue: 1))
    }

    @Test func `gives up when others are always faster`() async throws {
        let (here, there) = (CommandExecutor(store: store, attemptsMax: 3), CommandExecutor(store: store.base))
        store.beforeAppend { () async throws(EventStoreError) in
            _ = try? await there.jar(.fill(1))
        }
        do {
            try await here.jar(.fill(1))
            Issue.record("it was carried out")
        } catch CommandError<Jar.Refusal>.contended(let attempts) {
            #expect(attempts == 3)
        }
        #expect(try await store.coins().count == 3)
    }

    @Test func `is not carried out on a stream of another revision than its caller's`() async throws {
        let executor = CommandExecutor(store: store)
        try await executor.jar(.fill(1))
        do {
            _ = try await executor.execute(.fill(1), on: "1", as: Jar.self, expecting: .noStream, command())
            Issue.record("it was carried out")
        } catch CommandError<Jar.Refusal>.store(let error) {
            #expect(error.conflict?.actual == .first)
        }
        #expect(try await store.coins().count == 1)
    }

    @Test func `holds the caller's revision against the newest state`() async throws {
        let (here, there) = (CommandExecutor(store: store), CommandExecutor(store: store.base))
        try await here.jar(.fill(1))
        let expected = ExpectedRevision.exact(try #require(try await there.jar(.fill(1)).revision))
        _ = try await here.execute(.fill(1), on: "1", as: Jar.self, expecting: expected, command())
        #expect(try await store.coins().count == 3)
    }

    @Test func `on a stream with an event that cannot be read says so and writes nothing`() async throws {
        let event = NewEvent(type: "filled", payload: Array("{}".utf8), metadata: command().metadataForTests)
        _ = try await store.append([event], to: jarStream, expecting: .any)
        do {
            try await CommandExecutor(store: store).jar(.fill(1))
            Issue.record("it was carried out")
        } catch CommandError<Jar.Refusal>.unreadable(let error) {
            #expect(error.type == "filled")
        }
        #expect(try await store.head() == Position(rawValue: 1))
    }

    @Test func `that the store does not take passes on why`() async throws {
        store.beforeAppend { () async throws(EventStoreError) in throw EventStoreError(.overloaded, "Too much.") }
        do {
            try await CommandExecutor(store: store).jar(.fill(1))
            Issue.record("it was carried out")
        } catch CommandError<Jar.Refusal>.store(let error) {
            #expect(error.code == .overloaded)
        }
    }

    @Test(arguments: ["", "a\n", "a\u{0}", String(repeating: "a", count: 512)])
    func `on an id that makes no name of a stream is refused at once`(_ id: String) async throws {
        let executor = CommandExecutor(store: store)
        do {
            _ = try await executor.execute(.fill(1), on: id, as: Jar.self, command())
            Issue.record("it was carried out")
        } catch CommandError<Jar.Refusal>.store(let error) {
            #expect(error.code == .invalidAppend)
            #expect(error.message == "The id is empty, or makes no name of a stream. Nothing was written.")
        }
        do {
            _ = try await executor.state(of: id, as: Jar.self)
            Issue.record("it was loaded")
        } catch CommandError<Jar.Refusal>.store(let error) {
            #expect(error.code == .invalidRead)
            #expect(error.message == "The id is empty, or makes no name of a stream.")
        }
        #expect(store.counts == WatchedStore.Counts(), "the store is not asked")
    }

    @Test func `is decided from the log after an append of unknown outcome`() async throws {
        let executor = CommandExecutor(store: store)
        try await executor.jar(.fill(4))
        store.beforeAppend { [base = store.base] () async throws(EventStoreError) in
            _ = try? await CommandExecutor(store: base).jar(.fill(5), command("c"))
            throw EventStoreError(.unavailable, "The answer was lost.")
        }
        await #expect(throws: CommandError<Jar.Refusal>.self) { try await executor.jar(.fill(5), command("c")) }
        store.beforeAppend(nil)
        #expect(try await executor.jar(.fill(5), command("c")).isRepeat)
        #expect(try await store.coins() == [.filled(4), .filled(5)])
    }

    @Test func `is refused when too many wait for their turn`() async throws {
        let executor = CommandExecutor(store: store, waitingMax: 2)
        let (begun, continuation) = AsyncStream.makeStream(of: Void.self)
        let (goOn, release) = AsyncStream.makeStream(of: Void.self)
        store.beforeAppend { () async throws(EventStoreError) in
            continuation.yield()
            for await _ in goOn { break }
        }
        try await withThrowingTaskGroup(of: EventStoreError.Code?.self) { group in
            func command() {
                group.addTask {
                    do {
                        try await executor.jar(.fill(1))
                        return nil
                    } catch CommandError<Jar.Refusal>.store(let error) {
                        return error.code
                    }
                }
            }
            command()
            for await _ in begun { break }
            for _ in 0..<3 { command() }
            // One works, two wait, and the third of those that come then is told at once.
            #expect(try await group.next() == .overloaded)
            store.beforeAppend(nil)
            release.finish()
            var outcomes: [EventStoreError.Code?] = []
            for try await outcome in group { outcomes.append(outcome) }
            #expect(outcomes == [nil, nil, nil])
        }
        #expect(try await store.coins().count == 3)
    }

    @Test func `of many callers at once is decided one after the other`() async throws {
        let executors = (0..<2).map { _ in CommandExecutor(store: store) }
        let fulfilled = await withTaskGroup(of: Bool.self) { group in
            for index in 0..<40 {
                group.addTask { (try? await executors[index % 2].jar(.fill(1))) != nil }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(fulfilled == 10)
        #expect(try await store.coins().count == 10)
    }
}

@Suite struct `A command that comes twice` {
    private let store = WatchedStore()

    @Test func `is answered as the first time`() async throws {
        let executor = CommandExecutor(store: store)
        let first = try await executor.jar(.fillSingly(2), command("c"))
        try await executor.jar(.fill(1))
        for executor in [executor, CommandExecutor(store: store)] {
            let again = try await executor.jar(.fillSingly(2), command("c"))
            #expect(again == CommandReceipt(revision: first.revision, position: first.position, isRepeat: true))
        }
        #expect(try await store.coins().count == 3)
    }

    @Test func `is answered as the first time when it would be refused by now`() async throws {
        let executor = CommandExecutor(store: store)
        try await executor.jar(.fill(10), command("c"))
        #expect(try await executor.jar(.fill(10), command("c")).isRepeat)
    }

    /// Only the newest thousand commands are remembered in full, and the stream's own memory of events is the store.
    @Test func `on a stream of very many is looked for in the store, and answered as the first time`() async throws {
        let executor = CommandExecutor(store: store)
        let first = try await executor.jar(.fillSingly(2), command("c", fingerprint: "one"))
        for _ in 0..<1_500 {
            try await executor.jar(.take(1))
            try await executor.jar(.fill(1))
        }
        let finds = store.counts.finds
        try await executor.jar(.take(1))
        #expect(store.counts.finds == finds, "a new command is not looked for")
        let again = try await executor.jar(.fillSingly(2), command("c", fingerprint: "one"))
        #expect(again == CommandReceipt(revision: first.revision, position: first.position, isRepeat: true))
        #expect(store.counts.finds > finds)
        await expectReused { try await executor.jar(.fillSingly(2), command("c", fingerprint: "two")) }
    }

    @Test func `with another request is noticed`() async throws {
        let executor = CommandExecutor(store: store)
        try await executor.jar(.fill(1), command("c", fingerprint: "one"))
        for executor in [executor, CommandExecutor(store: store)] {
            await expectReused { try await executor.jar(.fill(2), command("c", fingerprint: "two")) }
        }
        #expect(try await store.coins() == [.filled(1)])
    }

    @Test func `in another stream is another command`() async throws {
        let executor = CommandExecutor(store: store)
        try await executor.jar(.fill(1), command("c"))
        let other = try await executor.execute(.fill(1), on: "2", as: Jar.self, command("c"))
        #expect(!other.isRepeat)
    }

    /// The aggregate here does not know what happened there: neither the command nor what came before it.
    @Test func `to a process that does not know of the first time leaves that one's state right`() async throws {
        let (here, there) = (CommandExecutor(store: store), CommandExecutor(store: store.base))
        try await here.jar(.fill(1))
        try await there.jar(.fill(5))
        let first = try await there.jar(.fill(1), command("c"))
        let again = try await here.jar(.fill(1), command("c"))
        #expect(again == CommandReceipt(revision: first.revision, position: first.position, isRepeat: true))
        await expectRefused(.full(7)) { try await here.jar(.fill(4)) }
    }

    @Test(arguments: [Jar.Command.fill(1), .fillSingly(2), .fillSingly(3)])
    func `with another request to a process that does not know of the first is noticed`(
        _ other: Jar.Command
    ) async throws {
        let (here, there) = (CommandExecutor(store: store), CommandExecutor(store: store.base))
        try await here.jar(.fill(1))
        try await there.jar(.fillSingly(2), command("c", fingerprint: "one"))
        await expectReused { try await here.jar(other, command("c", fingerprint: "two")) }
        #expect(try await store.coins().count == 3)
    }

    @Test func `at the same moment in two processes is carried out once`() async throws {
        for _ in 0..<50 {
            let store = InMemoryEventStore()
            let receipts = try await withThrowingTaskGroup(of: CommandReceipt.self) { group in
                for _ in 0..<4 {
                    group.addTask { try await CommandExecutor(store: store).jar(.fillSingly(2), command("c")) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(receipts.map(\.position)).count == 1)
            #expect(receipts.count { !$0.isRepeat } == 1)
            #expect(try await store.coins().count == 2)
        }
    }

    private func expectReused(_ body: () async throws -> CommandReceipt) async {
        do {
            let receipt = try await body()
            Issue.record("it was answered with \(receipt)")
        } catch CommandError<Jar.Refusal>.commandIDReused {
        } catch {
            Issue.record("\(error) was thrown")
        }
    }
}

@Suite struct `An aggregate with snapshots` {
    private let store = WatchedStore()

    @Test func `is saved now and then`() async throws {
        let executor = CommandExecutor(store: store)
        try await executor.vault(.fillSingly(2))
        #expect(try await snapshot() == nil)
        try await executor.vault(.fillSingly(2))
        #expect(try await snapshot()?.revision == Revision(rawValue: 3))
        try await executor.vault(.fill(1))
        #expect(try await snapshot()?.revision == Revision(rawValue: 3))
        try await executor.vault(.fill(1))
        #expect(try await snapshot()?.revision == Revision(rawValue: 5))
    }

    @Test func `is loaded from its snapshot and what came after`() async throws {
        try await fill(4)
        let (vault, revision) = try await CommandExecutor(store: store).state(of: "1", as: Vault.self)
        #expect(vault.coins == 4)
        #expect(vault.foldedSinceSnapshot == 1)
        #expect(revision == Revision(rawValue: 3))
    }

    @Test func `is folded from the beginning when its snapshot cannot be read`() async throws {
        try await fill(2)
        let broken = Snapshot(revision: .first, schema: SnapshotSchema(name: "Vault", version: 1), state: [0])
        try await store.save(broken, of: vaultStream)
        #expect(try await CommandExecutor(store: store).state(of: "1", as: Vault.self).state.coins == 2)
    }

    @Test func `answers a command from before its snapshot as the first time`() async throws {
        let first = try await CommandExecutor(store: store).vault(.fillSingly(3), command("c"))
        try await fill(1)
        let again = try await CommandExecutor(store: store).vault(.fillSingly(3), command("c"))
        #expect(again == CommandReceipt(revision: first.revision, position: first.position, isRepeat: true))
        #expect(try await store.readAll(vaultStream).count == 4)
    }

    @Test func `notices another request under a command id from before its snapshot`() async throws {
        try await CommandExecutor(store: store).vault(.fillSingly(3), command("c", fingerprint: "one"))
        do {
            try await CommandExecutor(store: store).vault(.fillSingly(3), command("c", fingerprint: "two"))
            Issue.record("it was answered")
        } catch CommandError<Jar.Refusal>.commandIDReused {}
    }

    private func fill(_ count: Int) async throws {
        let executor = CommandExecutor(store: store)
        for _ in 0..<count { try await executor.vault(.fill(1)) }
    }

    private func snapshot() async throws -> Snapshot? {
        try await store.loadSnapshot(of: vaultStream, schema: SnapshotSchema(name: "Vault", version: 1))
    }
}

private func expectRefused(_ refusal: Jar.Refusal, _ body: () async throws -> CommandReceipt) async {
    do {
        let receipt = try await body()
        Issue.record("it was carried out: \(receipt)")
    } catch CommandError<Jar.Refusal>.refused(let found) {
        #expect(found == refusal)
    } catch {
        Issue.record("\(error) was thrown")
    }
}

extension CommandContext {
    fileprivate var metadataForTests: EventMetadata { EventMetadata(correlationID: correlationID, actor: actor) }
}
