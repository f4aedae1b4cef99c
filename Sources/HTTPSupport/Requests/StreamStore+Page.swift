package import EventSourcing

extension StreamStore {
    /// A page of a stream, which ends when it has grown large.
    ///
    /// - Returns: The events, and where the next page begins: `nil` when there was nothing behind this one.
    package func page(
        of stream: StreamName, from: Revision?, _ direction: ReadDirection, limit: Int
    ) async throws(EventStoreError) -> (events: [RecordedEvent], next: Revision?) {
        var budget = PageBudget(events: limit)
        var events: [RecordedEvent] = []
        var next = from
        while !budget.isSpent {
            let count = budget.portion
            let portion = try await read(stream, from: next, direction, limit: count)
            events += portion
            budget.take(portion)
            guard portion.count == count, let last = portion.last?.revision else { return (events, nil) }
            next = direction == .forwards ? last.advanced(by: 1) : last.advanced(by: -1)
            if next.map({ $0 < .first }) ?? false { return (events, nil) }
        }
        return (events, next)
    }

    /// The first events of a business transaction, which end when they have grown large.
    ///
    /// Nothing says where to go on in them, so each portion is read with all that lies before it, and is as large as that.
    ///
    /// - Returns: The events, and whether those are all.
    package func events(
        correlatedBy id: CorrelationID, atMost limit: Int
    ) async throws(EventStoreError) -> (events: [RecordedEvent], isComplete: Bool) {
        var budget = PageBudget(events: limit)
        var known: [RecordedEvent] = []
        while !budget.isSpent {
            let count = min(limit, known.count + max(known.count, budget.portion))
            let found = try await events(correlatedBy: id, limit: count)
            budget.take(Array(found.dropFirst(known.count)))
            known = found
            if found.count < count { return (found, true) }
        }
        return (known, false)
    }
}
