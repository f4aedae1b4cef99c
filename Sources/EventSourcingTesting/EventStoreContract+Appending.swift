internal import EventSourcing
internal import Testing

extension EventStoreContract {
    func verifyAppending() async throws {
        try await numbersRevisionsAndPositions()
        try await checksExpectedRevisions()
        try await appendsToSeveralStreamsOrToNone()
        await refusesWhatBreaksALimit()
        try await letsOneOfManyWritersWin()
    }

    private func numbersRevisionsAndPositions() async throws {
        let stream = newStream()
        let first = try await store.append(events(2), to: stream, expecting: .noStream)
        #expect(first.streams[0].revision == Revision(rawValue: 1))
        let second = try await store.append(events(3), to: stream, expecting: .exact(first.streams[0].revision))
        #expect(second.streams[0].revision == Revision(rawValue: 4))
        #expect(second.position > first.position)

        let recorded = try await store.readAll(stream)
        #expect(recorded.map(\.revision.rawValue) == [0, 1, 2, 3, 4], "revisions are dense and begin at 0")
        #expect(recorded.last?.position == second.position)
        #expect(recorded[2...].map(\.position.rawValue).isDense, "the positions of one append are dense")
    }

    private func checksExpectedRevisions() async throws {
        let stream = newStream()
        await expectConflict(actual: nil) { () async throws(EventStoreError) in
            try await store.append(events(1), to: stream, expecting: .streamExists)
        }
        await expectConflict(actual: nil) { () async throws(EventStoreError) in
            try await store.append(events(1), to: stream, expecting: .exact(.first))
        }
        _ = try await store.append(events(1), to: stream, expecting: .any)
        await expectConflict(actual: .first) { () async throws(EventStoreError) in
            try await store.append(events(1), to: stream, expecting: .noStream)
        }
        _ = try await store.append(events(1), to: stream, expecting: .streamExists)
        await expectConflict(actual: Revision(rawValue: 1)) { () async throws(EventStoreError) in
            try await store.append(events(1), to: stream, expecting: .exact(.first))
        }
        #expect(try await store.readAll(stream).count == 2, "what was refused left nothing behind")
    }

    private func appendsToSeveralStreamsOrToNone() async throws {
        let (left, right) = (newStream(), newStream())
        let receipt = try await store.append([
            StreamAppend(stream: left, expected: .noStream, events: events(1)),
            StreamAppend(stream: right, expected: .noStream, events: events(2)),
        ])
        #expect(receipt.streams.map(\.stream) == [left, right])
        #expect(receipt.streams.map(\.revision.rawValue) == [0, 1])

        await expectConflict(actual: Revision(rawValue: 1)) { () async throws(EventStoreError) in
            try await store.append([
                StreamAppend(stream: left, expected: .exact(.first), events: events(1)),
                StreamAppend(stream: right, expected: .noStream, events: events(1)),
            ])
        }
        #expect(try await store.readAll(left).count == 1, "no stream is written when one is not as expected")
    }

    private func refusesWhatBreaksALimit() async {
        let stream = newStream()
        await expectInvalid { () async throws(EventStoreError) in try await store.append([]) }
        await expectInvalid { () async throws(EventStoreError) in
            try await store.append([], to: stream, expecting: .any)
        }
        let twice = event()
        await expectInvalid { () async throws(EventStoreError) in
            try await store.append([twice, twice], to: stream, expecting: .any)
        }
        await expectInvalid { () async throws(EventStoreError) in
            try await store.append([event(EventType(recorded: ""))], to: stream, expecting: .any)
        }
        let append = StreamAppend(stream: stream, expected: .any, events: events(1))
        await expectInvalid { () async throws(EventStoreError) in try await store.append([append, append]) }
    }

    private func letsOneOfManyWritersWin() async throws {
        let stream = newStream()
        let winners = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    (try? await store.append(events(1), to: stream, expecting: .noStream)) != nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(winners == 1)
        #expect(try await store.readAll(stream).count == 1)
    }
}

extension Sequence<Int64> {
    /// Whether each number is the one before it and one more.
    var isDense: Bool { zip(self, dropFirst()).allSatisfy { $0 + 1 == $1 } }
}
