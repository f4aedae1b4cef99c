internal import EventSourcing
internal import Logging
internal import NIOConcurrencyHelpers
internal import PostgresClient

/// Takes appends from any task and writes them in groups on a connection of its own.
final class Appender: Sendable {
    let inbox: AppendInbox
    let inFlight = AppendsInFlight()
    private let log: LogID
    private let writer: GroupWriter
    let watcher: LogWatcher
    private let sharedWriter: SharedWriter?
    private let sharingBox = NIOLockedValueBox(WriterSharing())
    private let configuration: ConnectionConfiguration
    private let keptFromBox = NIOLockedValueBox<Int64>(1)
    let logger: Logger
    /// Calls for the writer when it is not there to see what comes in.
    private let calls: AsyncStream<Void>
    private let call: AsyncStream<Void>.Continuation

    /// - Parameter sharedWriter: Where this process finds others that write to the log.
    init(
        log: LogID, watcher: LogWatcher, sharedWriter: SharedWriter?, configuration: ConnectionConfiguration,
        limits: AppendQueueLimits, logger: Logger
    ) {
        inbox = AppendInbox(limits: limits)
        self.log = log
        writer = GroupWriter(log: log)
        self.watcher = watcher
        self.sharedWriter = sharedWriter
        self.configuration = configuration
        self.logger = logger
        (calls, call) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Events before this position may have left the database, or had when an append was answered. Whoever is told no
    /// asks: where nothing has left, nothing needs to be read.
    var keptFrom: Int64 { keptFromBox.withLockedValue { $0 } }

    var sharing: WriterSharing { sharingBox.withLockedValue { $0 } }

    func note(_ change: (inout WriterSharing) -> Void) { sharingBox.withLockedValue { change(&$0) } }

    /// - Parameter deadline: Until when it is tried, also while a server is down.
    func append(
        _ appends: [StreamAppend], provided conditions: [AppendCondition],
        lookedAt: [EventCondition: ConditionFinding], by deadline: ContinuousClock.Instant
    ) async throws(EventStoreError) -> AppendReceipt {
        let place = AppendInbox.Place()
        let result = await withTaskCancellationHandler {
            // Unchecked: whoever takes a request out of the inbox answers it, once. To check that costs memory each
            // time.
            await withUnsafeContinuation { continuation in
                submit(
                    AppendRequest(
                        appends, provided: conditions, lookedAt: lookedAt, deadline: deadline
                    ) { continuation.resume(returning: $0) }, at: place)
            }
        } onCancel: {
            inbox.cancel(place)?.reply(.failure(.cancelledAppend))
        }
        return try result.get()
    }

    /// Takes in what another process hands over.
    private func submit(_ group: [AppendRequest]) {
        note { $0.takenIn += group.count }
        let (refused, isAttended) = inbox.submit(group)
        if !isAttended { call.yield() }
        for (request, error) in refused { request.reply(.failure(error)) }
    }

    private func submit(_ request: AppendRequest, at place: AppendInbox.Place) {
        do throws(EventStoreError) {
            if try !inbox.submit(request, at: place) { call.yield() }
        } catch {
            request.reply(.failure(error))
        }
    }

    /// Takes no more appends; ``run()`` returns once those that were taken are written.
    func close() {
        inbox.close()
        call.finish()
    }

    /// Writes until ``close()`` is called or the task is cancelled.
    func run() async {
        await withTaskCancellationHandler {
            for await _ in calls { await writeAll() }
            await writeAll()
        } onCancel: {
            close()
        }
        close()
        failAll()
    }

    // MARK: Writing

    /// Writes until the inbox is closed and nothing is left. Failures are retried until the requests' deadlines.
    private func writeAll() async {
        var backoff = Backoff()
        takeGroupIfNoneIsInFlight()
        while !inFlight.isEmpty, !Task.isCancelled {
            var connection: PostgresConnection?
            let began = ContinuousClock.now
            do {
                let open = try await PostgresConnection.connect(configuration)
                connection = open
                try await open.run(writeGroups)
                await open.close()
                return
            } catch {
                await connection?.close()
                guard !Task.isCancelled else { return }
                if began.duration(to: .now) > .seconds(1) { backoff = Backoff() }
                await recover(from: error, delay: backoff.next())
            }
        }
    }

    /// Runs on the connection's thread, which waits here for what comes in: an append of a lone writer passes through
    /// no task on its way to the server. Returns once the inbox is closed and empty.
    private func writeGroups(_ session: PostgresSession) throws {
        try warnOfUnsafeCommits(session)
        answerLateInFlight()
        try writeUnderLock(inFlight.all, session)
        while let sharedWriter, !inbox.isFinished {
            switch join(sharedWriter, session) {
            case .leads(let leadership):
                leadership.begin { [self] in submit($0) }
                note { $0.isLeading = true }
                defer {
                    note { $0.isLeading = false }
                    leadership.end()
                }
                try writeByItself(session)
            case .follows(let link):
                try follow(link, session)
            case nil:
                try writeByItself(session, until: .now.advanced(by: Self.pauseBeforeJoining))
            }
        }
        try writeByItself(session)
    }

    /// A database or a role may have been set to commit without waiting for the disk, where nobody looks for it.
    private func warnOfUnsafeCommits(_ session: PostgresSession) throws(PostgresError) {
        let setting = try session.execute("SELECT current_setting('synchronous_commit')").text(0, 0)
        guard setting == "off" else { return }
        logger.error(
            """
            synchronous_commit is off: a crash of the server loses appends that were acknowledged. Set it to on, for \
            the server, the database and the role
            """, metadata: ["log": "\(log.name)"])
    }

    /// - Parameter end: When it returns even though more may come.
    func writeByItself(_ session: PostgresSession, until end: ContinuousClock.Instant? = nil) throws {
        var gathering = Gathering()
        var sent: [Sent] = []
        while true {
            if sent.isEmpty, let end, end <= .now {
                if writer.patienceBeforeAnnouncing != nil { try writer.announce(session) }
                return
            }
            if sent.count < gathering.groupsAheadMax {
                let patience = sent.isEmpty ? writer.patienceBeforeAnnouncing : .zero
                let taken = inbox.takeGroup(&gathering, patience: patience)
                if !taken.isEmpty {
                    let group = inTime(taken)
                    guard !group.isEmpty else { continue }
                    inFlight.add(group)
                    if let prepared = writer.prepare(group) {
                        try writer.send(prepared, session)
                        sent.append(Sent(prepared: prepared))
                        continue
                    }
                    // Decided under the lock, and so after those that are on their way.
                    while !sent.isEmpty { try finishFirst(of: &sent, session) }
                    try writeUnderLock(group, session)
                    continue
                }
                if sent.isEmpty {
                    guard patience != nil else { return }
                    try writer.announce(session)
                    continue
                }
            }
            let first = sent[0]
            try finishFirst(of: &sent, session)
            gathering.answered(
                requests: first.requests.count, events: first.prepared.group.rows.count,
                active: inbox.count + sent.reduce(0) { $0 + $1.requests.count },
                seconds: first.at.duration(to: .now) / .seconds(1), isShared: writer.isShared)
        }
    }

    /// A group on its way to the server.
    private struct Sent {
        let prepared: GroupWriter.Prepared
        let at = ContinuousClock.now

        var requests: [AppendRequest] { prepared.group.requests }
    }

    /// Takes in the answer to the first group. When it has to be decided under the lock, all others that were sent are
    /// taken in before.
    private func finishFirst(of sent: inout [Sent], _ session: PostgresSession) throws {
        let first = sent.removeFirst().prepared
        guard try !receive(first, session) else { return }
        var undecided = [first.group]
        while !sent.isEmpty {
            let next = sent.removeFirst().prepared
            if try !receive(next, session) { undecided.append(next.group) }
        }
        for group in undecided { try writeUnderLock(group.requests, session) }
    }

    /// - Returns: Whether the group was written, and its requests answered.
    private func receive(
        _ prepared: GroupWriter.Prepared, _ session: PostgresSession
    ) throws(PostgresError) -> Bool {
        let oldHead: Int64?
        do {
            oldHead = try writer.receive(prepared, session)
        } catch {
            guard error.code == .server, !error.isTransient else { throw error }
            // Whatever it is that cannot be stored: under the lock each request is written by itself if need be.
            return false
        }
        guard let oldHead else { return false }
        let group = prepared.group
        watcher.advance(to: Position(rawValue: oldHead).advanced(by: group.rows.count))
        inFlight.remove(group.requests)
        group.reply(log.name, behind: oldHead)
        return true
    }

    func writeUnderLock(_ group: [AppendRequest], _ session: PostgresSession) throws {
        guard !group.isEmpty else { return }
        do {
            answer(group, try writer.writeUnderLock(group, session))
        } catch let error as PostgresError where error.code == .server && isAboutOneOfThem(error) {
            try writeOneByOne(group, error, session)
        } catch let error as EventStoreError {
            inFlight.remove(group)
            for request in group { request.reply(.failure(request.isOutcomeUnknown ? .outcomeUnknown(error) : error)) }
        }
    }

    /// Whether one append of the group is to blame. Before the lock is given all of them wait for somebody else; a
    /// statement that takes too long afterwards does so for one of them, and everybody waits for that.
    private func isAboutOneOfThem(_ error: PostgresError) -> Bool {
        error.isAboutTheAppend || writer.isLookingUnderLock && error.sqlState == .queryCanceled
    }

    /// The server refuses the group as a whole: one that cannot be stored must not take its neighbours with it.
    private func writeOneByOne(_ group: [AppendRequest], _ error: PostgresError, _ session: PostgresSession) throws {
        guard group.count > 1 else {
            logger.error("an append was refused by PostgreSQL", metadata: ["error": "\(error)"])
            inFlight.remove(group)
            // A schema that was taken away says nothing of the try before.
            let isOpen = group[0].isOutcomeUnknown && (!error.isAboutTheAppend || error.saysSchemaIsMissing)
            return group[0].reply(.failure(isOpen ? .outcomeUnknown(error) : EventStoreError(refused: error)))
        }
        for request in group {
            // Each of them may take as long as the first.
            let now = ContinuousClock.now
            for late in inbox.takeExpired(at: now) { late.reply(.failure(.neverSent(error))) }
            guard request.deadline > now else {
                inFlight.remove([request])
                request.reply(.failure(request.isOutcomeUnknown ? .outcomeUnknown(error) : .neverSent(error)))
                continue
            }
            try writeUnderLock([request], session)
        }
    }

    private func answer(_ group: [AppendRequest], _ written: GroupWriter.Written) {
        watcher.advance(to: written.head)
        keptFromBox.withLockedValue { $0 = max($0, written.keptFrom) }
        inFlight.remove(group)
        for (request, outcome) in zip(group, written.outcomes) { request.reply(outcome) }
    }

    // MARK: Deadlines

    /// What is left of a group that was taken from the inbox once those are answered that have waited for too long: a
    /// server that is slow, and fails at nothing, would else have them written long after their callers' time.
    func inTime(_ taken: [AppendRequest]) -> [AppendRequest] {
        let now = ContinuousClock.now
        guard taken.contains(where: { $0.deadline <= now }) else { return taken }
        for late in taken where late.deadline <= now { late.reply(.failure(.neverSent(nil))) }
        return taken.filter { $0.deadline > now }
    }

    /// Answers those that were taken before there was a connection, when that took too long. What may be recorded is
    /// looked for all the same.
    private func answerLateInFlight() {
        let now = ContinuousClock.now
        for request in inFlight.all where !request.isOutcomeUnknown && request.deadline <= now {
            inFlight.remove([request])
            request.reply(.failure(.neverSent(nil)))
        }
    }

    // MARK: Failures

    /// After a failure it is not known whether the group in flight was committed: its events are looked for before it
    /// is written again.
    private func recover(from error: any Error, delay: Duration) async {
        let triedBehind = writer.triedBehind
        writer.forget()
        logger.warning(
            "writing to the log failed; trying again", metadata: ["error": "\(error)", "delay": "\(delay)"])
        let now = ContinuousClock.now
        for request in inFlight.removeExpired(at: now, triedBehind: triedBehind) {
            request.reply(.failure(.outcomeUnknown(error)))
        }
        for request in inbox.takeExpired(at: now) { request.reply(.failure(.neverSent(error))) }
        try? await Task.sleep(for: delay, clock: .continuous)
        takeGroupIfNoneIsInFlight()
    }

    /// Lets the deadlines of queued requests count while the server is away.
    private func takeGroupIfNoneIsInFlight() {
        while inFlight.isEmpty {
            let taken = inbox.takeGroup()
            guard !taken.isEmpty else { return }
            inFlight.add(inTime(taken))
        }
    }

    /// Answers what cannot be written any more. Of what was in flight it is not known whether it was written.
    private func failAll() {
        for request in inFlight.removeAll() { request.reply(.failure(.outcomeUnknown(nil))) }
        let closed = EventStoreError(.closed, "The event store is stopped. Nothing was written.")
        while true {
            let left = inbox.takeGroup()
            guard !left.isEmpty else { return }
            for request in left { request.reply(.failure(closed)) }
        }
    }
}
