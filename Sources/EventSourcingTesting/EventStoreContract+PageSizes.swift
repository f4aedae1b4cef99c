internal import EventSourcing
internal import Testing

extension EventStoreContract {
    /// Two of these events fill a page of 2,000 bytes.
    private func largeEvents(_ count: Int, _ correlation: CorrelationID = .make(), tags: Set<EventTag> = [])
        -> [NewEvent]
    {
        (0..<count).map { index in
            NewEvent(
                type: "Large", contentType: .binary, payload: Array(repeating: UInt8(index), count: 1_000), tags: tags,
                metadata: EventMetadata(correlationID: correlation, actor: "contract"))
        }
    }

    func verifyPageSizes() async throws {
        try await pagesOfAStreamEndWhereTheyAreFull()
        try await listsByCorrelationEndWhereTheyAreFull()
    }

    private func pagesOfAStreamEndWhereTheyAreFull() async throws {
        let stream = newStream()
        _ = try await store.append(largeEvents(37), to: stream, expecting: .noStream)
        for direction in [ReadDirection.forwards, .backwards] {
            for (size, first) in [
                (PageSize(events: 100, bytes: 2_000), 2), (PageSize(events: 100, bytes: 1), 1), (5, 5),
            ] {
                let pages = try await pages(of: stream, direction, size)
                let counts = pages.map(\.events.count)
                #expect(counts.dropLast().allSatisfy { $0 == first }, "\(size)")
                let revisions = pages.flatMap(\.events).map(\.revision.rawValue)
                #expect(revisions == (direction == .forwards ? Array(0..<37) : (0..<37).reversed()), "\(size)")
            }
        }
        let whole = try await store.read(stream, from: nil, .forwards, limit: PageSize(events: 100, bytes: 100_000))
        #expect(whole.events.count == 37)
        #expect(whole.next == nil)
    }

    private func pages(
        of stream: StreamName, _ direction: ReadDirection, _ size: PageSize
    ) async throws -> [StreamPage] {
        var pages: [StreamPage] = []
        var next: Revision?
        repeat {
            let page = try await store.read(stream, from: next, direction, limit: size)
            pages.append(page)
            next = page.next
        } while next != nil
        return pages
    }

    private func listsByCorrelationEndWhereTheyAreFull() async throws {
        let correlation = CorrelationID.make()
        _ = try await store.append(largeEvents(5, correlation), to: newStream(), expecting: .noStream)
        for (size, count) in [(PageSize(events: 100, bytes: 2_000), 2), (3, 3), (100, 5)] {
            let found = try await store.events(correlatedBy: correlation, limit: size)
            #expect(found.events.count == count)
            #expect(found.isComplete == (count == 5))
        }
    }
}

extension EventStoreContract where Store: EventStore {
    func verifyPageSizesOfTheLog() async throws {
        let start = try await store.head()
        let (category, tag) = (StreamCategory(recorded: "large\(EventID.make())".filter { $0 != "-" }), newTag())
        let receipt = try await store.append(
            largeEvents(5, tags: [tag]), to: category.stream("1"), expecting: .noStream)
        let end = receipt.position.advanced(by: 1)
        for filter in [EventFilter(categories: [category]), EventFilter(query: EventQuery(tagged: tag))] {
            for direction in [ReadDirection.forwards, .backwards] {
                var position = direction == .forwards ? start : end
                for expected in [2, 2, 1] {
                    let page = try await store.readLog(
                        after: position, direction, filter: filter, limit: PageSize(events: 100, bytes: 2_000))
                    #expect(page.events.count == expected)
                    if expected == 2 { #expect(page.through == page.events.last?.position) }
                    position = page.through
                }
            }
        }
        var seen = 0
        for try await batch in store.subscribe(after: start, pageSize: PageSize(events: 1_000, bytes: 1)) {
            #expect(batch.events.count <= 1)
            seen += batch.events.count { $0.stream.category == category.rawValue }
            if seen == 5 { break }
        }
    }
}
