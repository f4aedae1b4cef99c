internal import EventSourcing

extension CombinedReader {
    /// The receipt of an append that was not written because its events are recorded already, and have left the
    /// database.
    ///
    /// An append that expects exact revisions says where its events would stand: they are looked for there. One that
    /// does not could stand anywhere. It is looked for at its stream's end, which never leaves the database; in all of
    /// the stream only when something else says that it may be recorded.
    ///
    /// - Returns: `nil` when it is not recorded.
    /// - Throws: When that cannot be found out now: that nothing was written is said of nothing that was not read.
    func receiptOfRepeat(
        _ appends: [StreamAppend], after refusal: EventStoreError
    ) async throws(EventStoreError) -> AppendReceipt? {
        guard refusal.mayBeOfRepeat else { return nil }
        let receipt: AppendReceipt?
        do {
            receipt = try await find(appends, everywhere: refusal.code != .conflict)
        } catch {
            let failure = EventStoreError(reading: error)
            switch failure.code {
            case .archived, .damagedArchive: throw failure
            // What else a read fails with may say that nothing was written.
            default: throw refusal.isRecordedOrLeft ? refusal : EventStoreError.outcomeUnknown(error)
            }
        }
        if receipt == nil, refusal.isRecordedOrLeft { throw EventStoreError.notRecorded(refusal) }
        return receipt
    }

    private func find(_ appends: [StreamAppend], everywhere isKnown: Bool) async throws -> AppendReceipt? {
        var isKnown = isKnown
        var streams: [AppendReceipt.Stream?] = Array(repeating: nil, count: appends.count)
        // Exact ones first: where they are found, the others are recorded, too.
        let exact = appends.indices.filter { appends[$0].expected.isExact }
        let open = appends.indices.filter { !appends[$0].expected.isExact }
        for index in exact + open {
            let append = appends[index]
            guard let first = try await firstRevision(of: append, everywhere: isKnown),
                let last = try await lastRecorded(append, from: first)
            else { return nil }
            streams[index] = AppendReceipt.Stream(
                stream: append.stream, revision: last.revision, position: last.position)
            isKnown = true
        }
        let found = streams.compactMap { $0 }
        return found.isEmpty ? nil : AppendReceipt(log: postgres.log.name, streams: found, isRepeat: true)
    }

    /// The last event of `append`, if its events stand from `first` on.
    private func lastRecorded(_ append: StreamAppend, from first: Revision) async throws -> RecordedEvent? {
        let count = append.events.count
        let last = first.advanced(by: count - 1)
        let kept = try await postgres.read(append.stream, from: first, .forwards, PageSize(events: count))
        // A stream that ends before cannot have them, and what is still here may be others: no segment is needed then.
        guard let end = kept.last, end.revision >= last else { return nil }
        let isOther = kept.contains { event in
            event.revision <= last && event.id != append.events[Int(event.revision.rawValue - first.rawValue)].id
        }
        guard !isOther else { return nil }
        let events = try await read(append.stream, from: first, .forwards, PageSize(events: count)).events
        return events.map(\.id) == append.events.map(\.id) ? events.last : nil
    }

    /// Where the first event of `append` stands, if it was recorded.
    ///
    /// - Parameter everywhere: Whether one that expects no exact revision is looked for in all of its stream.
    private func firstRevision(of append: StreamAppend, everywhere: Bool) async throws -> Revision? {
        if let next = append.expected.next { return next }
        let end = try await postgres.read(append.stream, from: nil, .backwards, 1).first
        if let end, end.id == append.events.last?.id {
            let first = end.revision.advanced(by: 1 - append.events.count)
            return first < .first ? nil : first
        }
        guard everywhere, let id = append.events.first?.id else { return nil }
        return try await find(id, in: append.stream)?.revision
    }
}

extension EventStoreError {
    /// Whether it is about what was found in the log. PostgreSQL's own refusals have a cause, and say nothing of that.
    fileprivate var mayBeOfRepeat: Bool {
        code == .conflict || code == .invalidAppend && cause == nil || isRecordedOrLeft
    }
}
