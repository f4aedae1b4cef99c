internal import EventSourcing
internal import Testing

extension EventStoreContract {
    func verifyRepeating() async throws {
        for expected in [ExpectedRevision.any, .noStream] {
            try await answersARepeatAsTheFirstTime(expected)
        }
        try await answersARepeatAtAnExactRevision()
        try await answersARepeatOverSeveralStreams()
        try await refusesAMixOfRecordedAndNewEvents()
        try await recordsConcurrentRepeatsOnce()
    }

    private func answersARepeatAsTheFirstTime(_ expected: ExpectedRevision) async throws {
        let stream = newStream()
        let batch = events(2)
        let first = try await store.append(batch, to: stream, expecting: expected)
        _ = try await store.append(events(1), to: stream, expecting: .any)
        let again = try await store.append(batch, to: stream, expecting: expected)
        #expect(again.isRepeat && !first.isRepeat)
        #expect(again.streams == first.streams)
        #expect(try await store.readAll(stream).count == 3)
    }

    private func answersARepeatAtAnExactRevision() async throws {
        let stream = newStream()
        _ = try await store.append(events(1), to: stream, expecting: .noStream)
        let batch = events(2)
        let first = try await store.append(batch, to: stream, expecting: .exact(.first))
        let again = try await store.append(batch, to: stream, expecting: .exact(.first))
        #expect(again.isRepeat)
        #expect(again.streams == first.streams)
        await expectConflict(actual: Revision(rawValue: 2)) { () async throws(EventStoreError) in
            try await store.append(events(2), to: stream, expecting: .exact(.first))
        }
    }

    private func answersARepeatOverSeveralStreams() async throws {
        let appends = [newStream(), newStream()].map { stream in
            StreamAppend(stream: stream, expected: .noStream, events: events(2))
        }
        let first = try await store.append(appends)
        let again = try await store.append(appends)
        #expect(again.isRepeat)
        #expect(again.streams == first.streams)
    }

    private func refusesAMixOfRecordedAndNewEvents() async throws {
        let stream = newStream()
        let recorded = event()
        _ = try await store.append([recorded], to: stream, expecting: .any)
        await expectInvalid { () async throws(EventStoreError) in
            try await store.append([recorded, event()], to: stream, expecting: .any)
        }
        #expect(try await store.readAll(stream).count == 1)
    }

    private func recordsConcurrentRepeatsOnce() async throws {
        let stream = newStream()
        let batch = events(2)
        let receipts = try await withThrowingTaskGroup(of: AppendReceipt.self) { group in
            for _ in 0..<8 {
                group.addTask { try await store.append(batch, to: stream, expecting: .noStream) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(receipts.map(\.streams)).count == 1, "all are answered the same")
        #expect(receipts.count { !$0.isRepeat } == 1)
        #expect(try await store.readAll(stream).map(\.id) == batch.map(\.id))
    }
}
