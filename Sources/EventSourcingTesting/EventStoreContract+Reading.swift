internal import EventSourcing
internal import Testing

extension EventStoreContract {
    func verifyReading() async throws {
        try await readsForwardsAndBackwardsFromAnyRevision()
        try await givesBackWhatWasAppended()
        try await findsEventsByTheirIDAndCorrelation()
    }

    private func readsForwardsAndBackwardsFromAnyRevision() async throws {
        let stream = newStream()
        _ = try await store.append(events(10), to: stream, expecting: .noStream)
        func revisions(_ from: Int64?, _ direction: ReadDirection, _ limit: Int) async throws -> [Int64] {
            let page = try await store.read(
                stream, from: from.map(Revision.init), direction, limit: PageSize(events: limit))
            return page.events.map(\.revision.rawValue)
        }
        #expect(try await revisions(nil, .forwards, 3) == [0, 1, 2])
        #expect(try await revisions(7, .forwards, 5) == [7, 8, 9])
        #expect(try await revisions(10, .forwards, 5).isEmpty, "past the end there is nothing")
        #expect(try await revisions(nil, .backwards, 3) == [9, 8, 7])
        #expect(try await revisions(2, .backwards, 5) == [2, 1, 0])
        #expect(try await store.read(newStream(), from: nil, .forwards, limit: 5).events.isEmpty)
        #expect(try await store.readAll(stream, after: Revision(rawValue: 4), pageSize: 2).count == 5)
    }

    private func givesBackWhatWasAppended() async throws {
        let stream = newStream()
        let metadata = EventMetadata(
            correlationID: .make(), causationID: CausationID(EventID.make()), commandID: .make(),
            commandFingerprint: "f1", actor: "anna \"quoted\" é", reason: "because\n…", traceContext: "00-ab-cd-01")
        let odd = NewEvent(
            type: "Odd", schemaVersion: 3, contentType: .binary, payload: [0, 255, 1, 0], metadata: metadata)
        let empty = NewEvent(type: "Empty", contentType: .binary, payload: [], metadata: metadata)
        _ = try await store.append([odd, empty], to: stream, expecting: .noStream)
        let recorded = try await store.readAll(stream)
        try #require(recorded.count == 2)
        #expect(recorded[0].id == odd.id)
        #expect(recorded[0].type == "Odd")
        #expect(recorded[0].schemaVersion == 3)
        #expect(recorded[0].contentType == .binary)
        #expect(Array(recorded[0].payload) == odd.payload)
        #expect(recorded[0].metadata == metadata)
        #expect(recorded[0].stream == stream)
        #expect(recorded[1].payload.isEmpty)
    }

    private func findsEventsByTheirIDAndCorrelation() async throws {
        let (left, right) = (newStream(), newStream())
        let correlation = CorrelationID.make()
        let metadata = EventMetadata(correlationID: correlation, actor: "contract")
        let one = NewEvent(type: "One", contentType: .binary, payload: [], metadata: metadata)
        let two = NewEvent(type: "Two", contentType: .binary, payload: [], metadata: metadata)
        _ = try await store.append([one], to: left, expecting: .noStream)
        _ = try await store.append([two], to: right, expecting: .noStream)
        #expect(try await store.find(two.id, in: right)?.id == two.id)
        #expect(try await store.find(two.id, in: left) == nil, "ids belong to their stream")
        #expect(try await store.eventIDs(in: left, through: .first) == [one.id])
        #expect(try await store.events(correlatedBy: correlation, limit: 10).events.map(\.id) == [one.id, two.id])
    }

    func verifySnapshots() async throws {
        let stream = newStream()
        let schema = SnapshotSchema(name: "State", version: 1)
        #expect(try await store.loadSnapshot(of: stream, schema: schema) == nil)
        let newer = Snapshot(revision: Revision(rawValue: 9), schema: schema, state: [9])
        let older = Snapshot(revision: Revision(rawValue: 4), schema: schema, state: [4])
        try await store.save(newer, of: stream)
        try await store.save(older, of: stream)
        #expect(try await store.loadSnapshot(of: stream, schema: schema) == newer, "an older one does not replace it")
        let other = SnapshotSchema(name: "State", version: 2)
        #expect(try await store.loadSnapshot(of: stream, schema: other) == nil, "another form is passed over")
        let changed = Snapshot(revision: Revision(rawValue: 2), schema: other, state: [2])
        try await store.save(changed, of: stream)
        #expect(try await store.loadSnapshot(of: stream, schema: other) == changed)
    }
}
