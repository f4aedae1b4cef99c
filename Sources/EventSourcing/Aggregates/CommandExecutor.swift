/// Carries out commands on aggregates: loads, decides, appends, and on a conflict catches up and decides again.
///
/// Folded states are cached, so a command on a warm aggregate reads nothing before it appends. Commands of one process
/// on one stream take turns; between processes the expected revision decides.
public final class CommandExecutor<Store: StreamStore>: Sendable {
    public let store: Store
    private let cache: AggregateCache
    private let gate: StreamGate
    let attemptsMax: Int

    /// - Parameters:
    ///   - cacheCapacity: How many aggregates are kept at most.
    ///   - attemptsMax: How often a command is decided anew before it fails as contended.
    ///   - waitingMax: How many commands wait for their turn on a stream at most, over all streams; one more fails as
    ///     overloaded.
    public init(store: Store, cacheCapacity: Int = 100_000, attemptsMax: Int = 32, waitingMax: Int = 20_000) {
        self.store = store
        self.gate = StreamGate(waitingMax: waitingMax)
        self.cache = AggregateCache(capacity: cacheCapacity)
        self.attemptsMax = attemptsMax
    }

    /// Carries out `command` on the instance `id`, once for each command id.
    ///
    /// - Parameters:
    ///   - id: Not empty, and of text that the name of a stream may have (``StreamName/init(rawValue:)``).
    ///   - expected: What the caller requires of the stream before the command, besides what the aggregate decides;
    ///     checked against the newest state. Where it is not met, the error is ``CommandError/store(_:)`` with
    ///     ``EventStoreError/Code/conflict``.
    public func execute<A: Aggregate>(
        _ command: A.Command, on id: String, as _: A.Type = A.self, expecting expected: ExpectedRevision = .any,
        _ context: CommandContext
    ) async throws(CommandError<A.Refusal>) -> CommandReceipt {
        guard let stream = A.stream(of: id) else {
            throw .store(
                EventStoreError(
                    .invalidAppend, "The id is empty, or makes no name of a stream. Nothing was written."))
        }
        return try await gate.withTurn(on: stream) { () async throws(CommandError<A.Refusal>) in
            try await attempt(Attempt<A>(command: command, stream: stream, expected: expected, context: context))
        }
    }

    /// The newest state of the instance `id`, and its revision (`nil`: it has no events).
    public func state<A: Aggregate>(
        of id: String, as _: A.Type = A.self
    ) async throws(CommandError<A.Refusal>) -> (state: A, revision: Revision?) {
        guard let stream = A.stream(of: id) else {
            throw .store(EventStoreError(.invalidRead, "The id is empty, or makes no name of a stream."))
        }
        return try await gate.withTurn(on: stream) { () async throws(CommandError<A.Refusal>) in
            var aggregate: LoadedAggregate<A>
            if let cached = cache.take(stream, as: A.self) {
                aggregate = cached
                try await catchUp(&aggregate, stream)
            } else {
                aggregate = try await load(stream)
            }
            cache.put(aggregate, stream)
            return (state: aggregate.state, revision: aggregate.revision)
        }
    }

    private struct Attempt<A: Aggregate> {
        let command: A.Command
        let stream: StreamName
        let expected: ExpectedRevision
        let context: CommandContext
    }

    private func attempt<A: Aggregate>(_ attempt: Attempt<A>) async throws(CommandError<A.Refusal>) -> CommandReceipt {
        let cached = cache.take(attempt.stream, as: A.self)
        // What a cached state refuses may be allowed by now: only a state read in this call may say no.
        var isFresh = cached == nil
        var aggregate: LoadedAggregate<A>
        if let cached { aggregate = cached } else { aggregate = try await load(attempt.stream) }

        for _ in 0..<attemptsMax {
            if let repeated = try await receiptOfRepeat(attempt, aggregate) {
                cache.put(aggregate, attempt.stream)
                return repeated
            }
            let verdict = try decide(attempt, aggregate)
            switch verdict {
            case .append(let events):
                if let receipt = try await append(events, attempt, &aggregate) { return receipt }
                try await catchUp(&aggregate, attempt.stream)
                isFresh = true
            case .nothing, .refuse, .unexpected:
                if !isFresh {
                    isFresh = true
                    if try await catchUp(&aggregate, attempt.stream) { continue }
                }
                cache.put(aggregate, attempt.stream)
                return try finish(verdict, attempt, aggregate)
            }
        }
        throw .contended(attempts: attemptsMax)
    }

    private enum Verdict<A: Aggregate> {
        case append([A.Event]), nothing, refuse(A.Refusal), unexpected
    }

    private func decide<A: Aggregate>(
        _ attempt: Attempt<A>, _ aggregate: LoadedAggregate<A>
    ) throws(CommandError<A.Refusal>) -> Verdict<A> {
        guard attempt.expected.isMet(by: aggregate.revision) else { return .unexpected }
        do throws(A.Refusal) {
            let events = try aggregate.state.decide(attempt.command)
            return events.isEmpty ? .nothing : .append(events)
        } catch {
            return .refuse(error)
        }
    }

    private func finish<A: Aggregate>(
        _ verdict: Verdict<A>, _ attempt: Attempt<A>, _ aggregate: LoadedAggregate<A>
    ) throws(CommandError<A.Refusal>) -> CommandReceipt {
        switch verdict {
        case .refuse(let refusal):
            throw .refused(refusal)
        case .unexpected:
            let conflict = EventStoreError.Conflict(
                stream: attempt.stream, expected: attempt.expected, actual: aggregate.revision)
            throw .store(EventStoreError(conflict))
        case .nothing, .append:
            return CommandReceipt(revision: aggregate.revision, position: nil, isRepeat: false)
        }
    }

    /// - Returns: `nil` when the stream is not as the aggregate knows it: another writer was faster, or the command was
    ///   carried out before.
    private func append<A: Aggregate>(
        _ events: [A.Event], _ attempt: Attempt<A>, _ aggregate: inout LoadedAggregate<A>
    ) async throws(CommandError<A.Refusal>) -> CommandReceipt? {
        let context = attempt.context
        let receipt: AppendReceipt
        do {
            var recorded: [NewEvent] = []
            for (index, event) in events.enumerated() {
                let id = context.commandID.eventID(index, in: attempt.stream)
                recorded.append(try NewEvent(event, id: id, metadata: context.metadata))
            }
            receipt = try await store.append(recorded, to: attempt.stream, expecting: aggregate.expected)
        } catch let error as EventCodingError {
            throw .unreadable(error)
        } catch let error as EventStoreError where error.code == .conflict {
            return nil
        } catch let error as EventStoreError where error.code == .invalidAppend {
            // Another request under this command id may have recorded another number of events.
            try await catchUp(&aggregate, attempt.stream)
            guard case .carriedOut = aggregate.commands.knowledge(of: context.commandID) else { throw .store(error) }
            return nil
        } catch {
            throw .store(error as? EventStoreError ?? EventStoreError(.unavailable, "The append failed.", cause: error))
        }
        // What an earlier try recorded may stand behind events of others, which this aggregate does not know.
        guard !receipt.isRepeat else { return nil }
        let recorded = receipt.streams[0]
        aggregate.apply(events, context, at: recorded, in: receipt.log)
        cache.put(aggregate, attempt.stream)
        await saveSnapshotIfDue(aggregate, attempt.stream, newEvents: events.count)
        return CommandReceipt(
            revision: recorded.revision, position: LogPosition(receipt.log, recorded.position), isRepeat: false)
    }

    private func receiptOfRepeat<A: Aggregate>(
        _ attempt: Attempt<A>, _ aggregate: LoadedAggregate<A>
    ) async throws(CommandError<A.Refusal>) -> CommandReceipt? {
        let id = attempt.context.commandID
        switch aggregate.commands.knowledge(of: id) {
        case .never: return nil
        case .perhaps: break
        case .carriedOut(let earlier):
            guard earlier.fingerprint == attempt.context.fingerprint else { throw .commandIDReused }
            return CommandReceipt(revision: earlier.revision, position: earlier.position, isRepeat: true)
        }
        var last: RecordedEvent?
        do throws(EventStoreError) {
            var index = 0
            while let found = try await store.find(id.eventID(index, in: attempt.stream), in: attempt.stream) {
                last = found
                index += 1
            }
        } catch {
            throw .store(error)
        }
        guard let last else { return nil }
        guard last.metadata.commandFingerprint == attempt.context.fingerprint else { throw .commandIDReused }
        return CommandReceipt(revision: last.revision, position: last.logPosition, isRepeat: true)
    }
}

// MARK: Loading

extension CommandExecutor {
    private func load<A: Aggregate>(_ stream: StreamName) async throws(CommandError<A.Refusal>) -> LoadedAggregate<A> {
        var aggregate = try await loadSnapshot(stream) ?? LoadedAggregate<A>(stream)
        try await catchUp(&aggregate, stream)
        return aggregate
    }

    /// - Returns: Whether there was anything new.
    @discardableResult
    private func catchUp<A: Aggregate>(
        _ aggregate: inout LoadedAggregate<A>, _ stream: StreamName
    ) async throws(CommandError<A.Refusal>) -> Bool {
        let revision = aggregate.revision
        while true {
            let next = aggregate.revision?.advanced(by: 1) ?? .first
            let page: StreamPage
            do throws(EventStoreError) {
                page = try await store.read(stream, from: next, .forwards, limit: Self.pageSize)
            } catch {
                throw .store(error)
            }
            do throws(EventCodingError) { try aggregate.apply(page.events) } catch { throw .unreadable(error) }
            if page.next == nil { return aggregate.revision != revision }
        }
    }

    /// What is in memory of a stream at once, however long it is.
    private static var pageSize: PageSize { 1_000 }

    private func loadSnapshot<A: Aggregate>(
        _ stream: StreamName
    ) async throws(CommandError<A.Refusal>) -> LoadedAggregate<A>? {
        guard let type = A.self as? any SnapshottingAggregate.Type else { return nil }
        let snapshot: Snapshot?
        var eventsBefore: Set<EventID>?
        do throws(EventStoreError) {
            snapshot = try await store.loadSnapshot(of: stream, schema: type.snapshotSchema)
            if let snapshot, snapshot.revision.rawValue < KnownCommands.hashesMax {
                eventsBefore = try await store.eventIDs(in: stream, through: snapshot.revision)
            }
        } catch {
            throw .store(error)
        }
        // A snapshot is only a shortcut: one that cannot be read is passed over, and the events are folded instead.
        guard let snapshot, let state = try? type.init(snapshot: snapshot.state) as? A else { return nil }
        return LoadedAggregate(stream, state: state, revision: snapshot.revision, eventsBefore: eventsBefore)
    }

    private func saveSnapshotIfDue<A: Aggregate>(
        _ aggregate: LoadedAggregate<A>, _ stream: StreamName, newEvents: Int
    ) async {
        guard let state = aggregate.state as? any SnapshottingAggregate, let revision = aggregate.revision else {
            return
        }
        let interval = Int64(type(of: state).snapshotInterval)
        let count = revision.rawValue + 1
        guard count / interval > (count - Int64(newEvents)) / interval, let bytes = try? state.snapshot() else {
            return
        }
        // A snapshot that is not saved costs time later, and nothing else.
        try? await store.save(
            Snapshot(revision: revision, schema: type(of: state).snapshotSchema, state: bytes), of: stream)
    }
}

extension Aggregate {
    /// - Returns: `nil` when there is no such stream: `id` is empty, or the store would refuse the name that it makes.
    fileprivate static func stream(of id: String) -> StreamName? {
        id.isEmpty ? nil : StreamName(rawValue: category.stream(id).rawValue)
    }
}
