internal import EventSourcing
internal import Testing

extension EventStoreContract {
    /// Tags are kept and found; conditions are checked together with the append.
    func verifyConditions() async throws {
        try await verifyTagsAreKept()
        try await verifyForbiddenEventsRefuseAnAppend()
        try await verifyConditionsOnOtherStreams()
        try await verifyARepeatPassesItsOwnCondition()
        try await verifyOneOfManyWins()
        await verifyImpossibleConditionsAreInvalid()
    }

    private func tagged(_ tags: Set<EventTag>, _ type: EventType = "Happened") -> NewEvent {
        var event = event(type)
        event.tags = tags
        return event
    }

    /// A tag that no other rule uses.
    func newTag(_ key: String = "contract") -> EventTag { EventTag(key, EventID.make().description) }

    private func verifyTagsAreKept() async throws {
        let stream = newStream()
        let tags: Set<EventTag> = [newTag("a"), newTag("b"), "plain"]
        _ = try await store.append([tagged(tags), event()], to: stream, expecting: .noStream)
        let events = try await store.readAll(stream)
        #expect(events.map(\.tags) == [tags, []])
    }

    func verifyQueriesFindTaggedEvents() async throws where Store: EventStore {
        let (tag, other) = (newTag(), newTag())
        let first = try await store.append([tagged([tag]), event(), tagged([other])], to: newStream(), expecting: .any)
        _ = try await store.append([tagged([tag, other], "Renamed")], to: newStream(), expecting: .any)

        func found(_ query: EventQuery, _ direction: ReadDirection = .forwards, limit: Int = 10) async throws
            -> [EventType]
        {
            let start = Position(rawValue: first.position.rawValue - 3)
            let page = try await store.readLog(
                after: direction == .forwards ? start : nil, direction, filter: EventFilter(query: query),
                limit: PageSize(events: limit))
            return page.events.map(\.type)
        }
        #expect(try await found(EventQuery(tagged: tag)) == ["Happened", "Renamed"])
        #expect(try await found(EventQuery(tagged: tag), .backwards) == ["Renamed", "Happened"])
        #expect(try await found(EventQuery(tagged: tag), limit: 1) == ["Happened"])
        #expect(try await found(EventQuery(tagged: tag, types: ["Renamed"])) == ["Renamed"])
        #expect(try await found(EventQuery(tagged: tag, other)) == ["Renamed"], "all tags of a criterion")
        let either = EventQuery([.init(tags: [tag], types: ["Happened"]), .init(tags: [other])])
        #expect(try await found(either) == ["Happened", "Happened", "Renamed"], "each event once, in order")
        #expect(try await found(EventQuery(tagged: newTag())) == [])
    }

    private func verifyForbiddenEventsRefuseAnAppend() async throws {
        let (tag, stream) = (newTag(), newStream())
        let none = AppendCondition.noEvents(matching: EventQuery(tagged: tag, types: ["Taken"]), after: .start)
        _ = try await store.append([tagged([tag])], to: newStream(), expecting: .noStream, provided: [none])
        let taken = try await store.append([tagged([tag], "Taken")], to: newStream(), expecting: .any, provided: [none])
        do throws(EventStoreError) {
            _ = try await store.append([event()], to: stream, expecting: .noStream, provided: [none])
            Issue.record("an event that the condition forbids is recorded")
        } catch {
            #expect(error.code == .conflict)
            #expect(error.failedCondition?.condition == none)
            #expect(error.failedCondition?.position == taken.position)
        }
        #expect(try await store.readAll(stream).isEmpty, "nothing is written")
        let later = AppendCondition.noEvents(
            matching: EventQuery(tagged: tag, types: ["Taken"]), after: taken.position)
        _ = try await store.append([event()], to: stream, expecting: .noStream, provided: [later])
    }

    private func verifyConditionsOnOtherStreams() async throws {
        let (stream, other) = (newStream(), newStream())
        await expectConflict(actual: nil) { () async throws(EventStoreError) in
            try await store.append(
                [event()], to: stream, expecting: .noStream, provided: [.stream(other, .streamExists)])
        }
        _ = try await store.append([event()], to: other, expecting: .noStream)
        await expectConflict(actual: .first) { () async throws(EventStoreError) in
            try await store.append([event()], to: stream, expecting: .noStream, provided: [.stream(other, .noStream)])
        }
        _ = try await store.append(
            [event()], to: stream, expecting: .noStream, provided: [.stream(other, .exact(.first))])
        #expect(try await store.readAll(other).count == 1, "a stream of a condition is not written to")
    }

    private func verifyARepeatPassesItsOwnCondition() async throws {
        let (tag, stream) = (newTag(), newStream())
        let none = AppendCondition.noEvents(matching: EventQuery(tagged: tag), after: .start)
        let events = [tagged([tag])]
        let first = try await store.append(events, to: stream, expecting: .noStream, provided: [none])
        let second = try await store.append(events, to: stream, expecting: .noStream, provided: [none])
        #expect(second.isRepeat && second.streams == first.streams)
    }

    private func verifyOneOfManyWins() async throws {
        let tag = newTag()
        let none = AppendCondition.noEvents(matching: EventQuery(tagged: tag), after: .start)
        let outcomes = await withTaskGroup(of: EventStoreError.Code?.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    do throws(EventStoreError) {
                        _ = try await store.append(
                            [tagged([tag])], to: newStream(), expecting: .noStream, provided: [none])
                        return nil
                    } catch {
                        return error.code
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count { $0 == nil } == 1, "exactly one append wins")
        #expect(outcomes.count { $0 == .conflict } == 15)
    }

    private func verifyImpossibleConditionsAreInvalid() async {
        let stream = newStream()
        let impossible: [AppendCondition] = [
            .noEvents(matching: EventQuery([]), after: .start),
            .noEvents(matching: EventQuery([.init(tags: [])]), after: .start),
            .noEvents(matching: EventQuery(tagged: "a"), after: Position(rawValue: -1)),
            .stream(newStream(), .exact(Revision(rawValue: -1))),
        ]
        for condition in impossible {
            await expectInvalid { () async throws(EventStoreError) in
                try await store.append([event()], to: stream, expecting: .any, provided: [condition])
            }
        }
        await expectInvalid { () async throws(EventStoreError) in
            try await store.append([tagged([EventTag(recorded: "line\nbreak")])], to: stream, expecting: .any)
        }
    }
}
