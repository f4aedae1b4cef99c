internal import EventSourcing
internal import Logging
internal import PostgresClient

/// Appends of this process that another one writes.
extension Appender {
    /// How long this process writes by itself after it could not find out who writes for all.
    static let pauseBeforeJoining = Duration.seconds(10)

    func join(_ sharedWriter: SharedWriter, _ session: PostgresSession) -> SharedWriter.Role? {
        do {
            return try sharedWriter.join(session)
        } catch {
            logger.warning("this process writes by itself for a while", metadata: ["error": "\(error)"])
            return nil
        }
    }

    /// Returns once the inbox is closed and empty, or the link is lost: then it is not known what became of what was
    /// handed over, and this process has looked.
    func follow(_ link: WriterLink, _ session: PostgresSession) throws {
        defer { link.close() }
        do {
            try handOver(to: link, session)
        } catch let error as SocketError {
            logger.warning("the process that writes for this one is lost", metadata: ["error": "\(error)"])
            inFlight.loseTrack()
            try writeUnderLock(inFlight.all, session)
            if error.isSilence { try writeByItself(session, until: .now.advanced(by: Self.pauseBeforeJoining)) }
        }
    }

    /// Lets another process write what the unique index decides; everything else is decided under the lock by this one.
    /// Returns once the inbox is closed and empty.
    private func handOver(to link: WriterLink, _ session: PostgresSession) throws {
        var gathering = Gathering()
        while true {
            let taken = inbox.takeGroup(&gathering, patience: nil)
            guard !taken.isEmpty else { return }
            let group = inTime(taken)
            guard !group.isEmpty else { continue }
            let began = ContinuousClock.now
            inFlight.add(group)
            if group.allSatisfy(\.isDecidedByIndex) {
                try handOver(group, to: link, session)
            } else {
                try writeUnderLock(group, session)
            }
            // One group at a time, with all writers in it, as wherever others append to the log.
            gathering.answered(
                requests: group.count, events: group.reduce(0) { $0 + $1.eventCount }, active: inbox.count,
                seconds: began.duration(to: .now) / .seconds(1), isShared: true)
        }
    }

    private func handOver(_ group: [AppendRequest], to link: WriterLink, _ session: PostgresSession) throws {
        let receipts = try link.write(group)
        let unwritten = zip(group, receipts).filter { $1 == nil }.map(\.0)
        inFlight.remove(group)
        inFlight.add(unwritten)
        note { $0.handedOver += group.count - unwritten.count }
        if let head = receipts.lazy.compactMap({ $0?.position }).max() { watcher.advance(to: head) }
        for (request, receipt) in zip(group, receipts) {
            if let receipt { request.reply(.success(receipt)) }
        }
        try writeUnderLock(unwritten, session)
    }
}
