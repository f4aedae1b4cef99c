internal import EventSourcing
internal import Testing

extension EventStoreContract where Store: EventStore {
    func verifyReadingTheLog() async throws {
        try await pagesThroughTheLog()
        try await filtersByTypeAndCategory()
        try await readsBackwardsFromTheEnd()
    }

    private func pagesThroughTheLog() async throws {
        let start = try await store.head()
        let batch = events(7)
        _ = try await store.append(batch, to: newStream(), expecting: .noStream)
        var seen: [RecordedEvent] = []
        var position = start
        while seen.count < 7 {
            let page = try await store.readLog(after: position, .forwards, filter: .all, limit: 3)
            try #require(page.through > position, "a page of a log with more events goes on")
            position = page.through
            seen += page.events
        }
        #expect(seen.map(\.position.rawValue).isDense)
        #expect(Set(batch.map(\.id)).isSubset(of: seen.map(\.id)))

        let backwards = try await store.readLog(after: nil, .backwards, filter: .all, limit: 3)
        #expect(backwards.events.count == 3)
        #expect(backwards.events.map { -$0.position.rawValue }.isDense)
        let atEnd = try await store.readLog(after: try await store.head(), .forwards, filter: .all, limit: 3)
        #expect(atEnd.through >= atEnd.events.last?.position ?? .start)
    }

    private func filtersByTypeAndCategory() async throws {
        let start = try await store.head()
        let category = StreamCategory(recorded: "filtered" + String(Int64.random(in: 0 ... .max)))
        let type = EventType(recorded: "Filtered" + String(Int64.random(in: 0 ... .max)))
        let wanted = event(type)
        _ = try await store.append([event(), wanted], to: category.stream("1"), expecting: .noStream)
        _ = try await store.append([event(type)], to: newStream(), expecting: .noStream)

        func ids(_ filter: EventFilter) async throws -> [EventID] {
            try await store.readLog(after: start, .forwards, filter: filter, limit: 100).events.map(\.id)
        }
        #expect(try await ids(EventFilter(categories: [category], types: [type])) == [wanted.id])
        #expect(try await ids(EventFilter(categories: [category])).count == 2)
        #expect(try await ids(EventFilter(types: [type])).count == 2)
        let none = try await store.readLog(
            after: start, .forwards, filter: EventFilter(types: ["Never"]), limit: 100)
        #expect(none.events.isEmpty)
        #expect(none.through > start, "a page without a match still goes on")
    }

    /// Behind the last event there is nothing to look through, however far behind it a read begins.
    private func readsBackwardsFromTheEnd() async throws {
        let batch = events(3)
        _ = try await store.append(batch, to: newStream(), expecting: .noStream)
        let category = EventFilter(categories: ["contract"])
        for filter in [.all, category] {
            for position in [nil, Position(rawValue: .max), Position(rawValue: .max - 1)] {
                let page = try await store.readLog(after: position, .backwards, filter: filter, limit: 1)
                #expect(page.events.count == 1, "the first page has the last event")
                #expect(page.through == page.events.last?.position)
            }
        }
    }

    func verifySubscribing() async throws {
        try await followsFromHistoryToLiveWithoutAGap()
        try await neverShowsALowerPositionAfterAHigherOne()
    }

    private func followsFromHistoryToLiveWithoutAGap() async throws {
        let start = try await store.head()
        let stream = newStream()
        let filter = EventFilter(categories: ["contract"])
        let batch = events(40)
        _ = try await store.append(Array(batch[..<20]), to: stream, expecting: .noStream)
        async let rest: Void = appendOneByOne(Array(batch[20...]), to: stream)

        var seen: [EventID] = []
        for try await page in store.subscribe(after: start, filter: filter, pageSize: 7) {
            seen += page.events.filter { $0.stream == stream }.map(\.id)
            if seen.count >= batch.count { break }
        }
        try await rest
        #expect(seen == batch.map(\.id), "each event is seen once, in order")
    }

    private func appendOneByOne(_ events: [NewEvent], to stream: StreamName) async throws {
        for event in events { _ = try await store.append([event], to: stream, expecting: .streamExists) }
    }

    /// Writers race; a reader that follows the log sees every position once, and none below one it has seen.
    private func neverShowsALowerPositionAfterAHigherOne() async throws {
        let start = try await store.head()
        let writers = 8
        let appendsEach = 25
        let end = try await withThrowingTaskGroup(of: Position.self) { group in
            group.addTask { try await follow(after: start, ownEvents: writers * appendsEach) }
            for _ in 0..<writers {
                group.addTask {
                    var last = Position.start
                    let stream = newStream()
                    for _ in 0..<appendsEach {
                        last = try await store.append([event("Raced")], to: stream, expecting: .any).position
                    }
                    return last
                }
            }
            return try await group.reduce(.start) { max($0, $1) }
        }
        #expect(try await store.head() >= end)
    }

    private func follow(after start: Position, ownEvents count: Int) async throws -> Position {
        var last = start
        var seen = 0
        for try await page in store.subscribe(after: start, pageSize: 10) {
            for event in page.events {
                #expect(event.position == last.advanced(by: 1), "positions come one after the other")
                last = event.position
                seen += event.type == "Raced" ? 1 : 0
            }
            if seen >= count { break }
        }
        return last
    }
}
