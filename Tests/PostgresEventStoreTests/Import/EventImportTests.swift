import EventSourcing
import EventSourcingTesting
import FoundationEssentials
import Testing

@testable import PostgresEventStore

@Suite struct `An import` {
    @Test func `of an exported log gives the same events at the same places`() async throws {
        let source = try await StoreFixture()
        let exported = try await source.withStore { store in
            for number in 0..<5 {
                let stream = newStream()
                _ = try await store.append([event(), oddEvent(number)], to: stream, expecting: .noStream)
                _ = try await store.append(
                    [oddEvent(number + 5)], to: stream, expecting: .exact(.first.advanced(by: 1)))
            }
            return try await store.readLog(after: .start, .forwards, filter: .all, limit: 100).events
        }
        let target = try await StoreFixture()
        let outcome = try await target.importLines(exported.map(EventLine.bytes))
        #expect(outcome == .init(writtenCount: 15, repeatedCount: 0, head: Position(rawValue: 15)))
        let imported = try await target.log()
        #expect(imported.map(Comparable.init) == exported.map(Comparable.init))
        #expect(imported.map(EventLine.bytes) == exported.map(EventLine.bytes))
    }

    @Test func `that was cut short goes on where it stopped`() async throws {
        let lines = lines(of: 10, streams: 3)
        let fixture = try await StoreFixture()
        _ = try await fixture.importLines(Array(lines[..<7]), batch: 3)
        let outcome = try await fixture.importLines(lines, batch: 4)
        #expect(outcome == .init(writtenCount: 3, repeatedCount: 7, head: Position(rawValue: 10)))
        let again = try await fixture.importLines(lines, batch: 2)
        #expect(again == .init(writtenCount: 0, repeatedCount: 10, head: Position(rawValue: 10)))
    }

    @Test func `takes an event that a file has twice once, in whatever batches they come`() async throws {
        let lines = lines(of: 4, streams: 1)
        let fixture = try await StoreFixture()
        let outcome = try await fixture.importLines([lines[0], lines[0], lines[1], lines[0], lines[2]], batch: 3)
        #expect(outcome.writtenCount == 3 && outcome.repeatedCount == 2)
        #expect(try await fixture.log().map(\.revision.rawValue) == [0, 1, 2])
    }

    @Test func `goes on behind what is appended, and lets appends go on behind it`() async throws {
        let fixture = try await StoreFixture()
        let stream = newStream()
        try await fixture.withStore { store in
            _ = try await store.append([event()], to: stream, expecting: .noStream)
            let imported = try await fixture.importEvents([ImportedEvent(event(), stream: stream)])
            #expect(imported.head == Position(rawValue: 2))
            let receipt = try await store.append([event()], to: stream, expecting: .exact(Revision(rawValue: 1)))
            #expect(receipt.position == Position(rawValue: 3))
            #expect(try await store.readAll(stream).map(\.revision.rawValue) == [0, 1, 2])
        }
    }

    @Test func `takes the events of its log alone where there are several`() async throws {
        let routing = LogRouting([.init(categories: ["order"], logs: ["orders"])])
        let fixture = try await StoreFixture()
        let order = ImportedEvent(event(), stream: StreamCategory("order").stream("1"))
        let lines = [order, ImportedEvent(event(), stream: newStream()), order].map { event in
            EventLine.bytes(
                of: RecordedEvent(
                    event.event, log: .main, position: .start, stream: event.stream, revision: .first,
                    recordedAt: Timestamp(microsecondsSince1970: 0)))
        }
        let outcome = try await fixture.importLines(lines, routing: routing)
        #expect((outcome.writtenCount, outcome.elsewhereCount) == (1, 2))
        await expectError(.invalidAppend, "lies in the log orders") {
            _ = try await EventImport.with(fixture.connectionString, routing: routing) { target in
                var batches = [[order]][...]
                return try await target.write(batches: { batches.popFirst() })
            }
        }
        #expect(try await fixture.log().count == 1)
    }

    @Test func `takes no event of a stream of which events have left the database`() async throws {
        try await ArchiveFixture.with { fixture in
            try await fixture.append(20, seed: 9)
            let exported = try await fixture.store.log()
            _ = try await fixture.seal()
            try await fixture.drop(1)
            let before = try await fixture.contents()
            await expectError(.archived, "strata archive restore") {
                _ = try await fixture.store.importLines(exported.map(EventLine.bytes))
            }
            #expect(try await fixture.contents() == before)
            try await fixture.archive.restore(try await fixture.archive.segments()[0])
            let again = try await fixture.store.importLines(exported.map(EventLine.bytes))
            #expect((again.writtenCount, again.repeatedCount) == (0, 20))
        }
    }

    @Test func `says that nothing of a batch is written that has a line that is too long`() async throws {
        let fixture = try await StoreFixture()
        let long = [UInt8](repeating: UInt8(ascii: " "), count: 6 << 20)
        let error = await #expect(throws: EventImportError.self) {
            try await fixture.importLines(lines(of: 3, streams: 1) + [long])
        }
        #expect(error?.badLines == [4])
        #expect(error?.message.contains("Nothing was written") == true, "\(error?.message ?? "")")
        #expect(try await fixture.log().isEmpty)
    }

    @Test func `takes recorded events over with all that they have, tags and times among it`() async throws {
        let source = try await StoreFixture()
        let recorded = try await source.withStore { store in
            var tagged = event()
            tagged.tags = ["customer:42", "sku:ABC"]
            _ = try await store.append([tagged, event()], to: newStream(), expecting: .noStream)
            return try await store.readLog(after: .start, .forwards, filter: .all, limit: 10).events
        }
        let target = try await StoreFixture()
        _ = try await target.importEvents(recorded.map { ImportedEvent($0) })
        #expect(try await target.log().map(Comparable.init) == recorded.map(Comparable.init))
    }

    @Test func `names bad lines by number and writes nothing of their batch`() async throws {
        let fixture = try await StoreFixture()
        var lines = lines(of: 9, streams: 2)
        lines[5] = Array(#"{"stream":"a-1","type":"Happened"}"#.utf8)
        lines[7] = Array("no JSON".utf8)
        let error = await #expect(throws: EventImportError.self) { try await fixture.importLines(lines, batch: 4) }
        #expect(error?.badLines == [6, 8])
        #expect(error?.message.contains("The lines before 5 were imported") == true)
        #expect(try await fixture.log().count == 4)
    }

    @Test func `holds events to the limits of appends`() async throws {
        let fixture = try await StoreFixture()
        var long = event()
        long.type = EventType(recorded: String(repeating: "t", count: 129))
        let imported = ImportedEvent(long, stream: newStream())
        await #expect(throws: EventStoreError.self) { try await fixture.importEvents([imported]) }
        #expect(try await fixture.log().isEmpty)
    }

    @Test(arguments: [
        Int64.min, Int64.min + 946_684_800_000_000, -62_167_219_200_000_001, 253_402_300_800_000_000, Int64.max,
    ])
    func `takes no time that lies in no year from 0 to 9999`(_ microseconds: Int64) async throws {
        let fixture = try await StoreFixture()
        var imported = ImportedEvent(event(), stream: newStream())
        imported.recordedAt = Timestamp(microsecondsSince1970: microseconds)
        let events = [ImportedEvent(event(), stream: newStream()), imported]
        await expectError(.invalidAppend, "\(imported.event.id)") {
            _ = try await fixture.importEvents(events)
        }
        #expect(try await fixture.log().isEmpty)
    }

    @Test func `takes times of the years 0 and 9999`() async throws {
        let fixture = try await StoreFixture()
        let times = [Int64(-62_167_219_200_000_000), 253_402_300_799_999_999].map {
            Timestamp(microsecondsSince1970: $0)
        }
        try await fixture.importEvents(times.map { ImportedEvent(event(), stream: newStream(), recordedAt: $0) })
        #expect(try await fixture.log().map(\.recordedAt) == times)
    }

    @Test func `wakes who waits for events`() async throws {
        let fixture = try await StoreFixture()
        try await fixture.withStore { store in
            async let imported = fixture.importEvents([ImportedEvent(event(), stream: newStream())])
            for try await batch in store.subscribe(after: .start) where batch.position >= Position(rawValue: 1) {
                break
            }
            _ = try await imported
        }
    }

    /// Writers append while an import runs, and readers follow: positions stay dense, and revisions in every stream.
    @Test func `beside appends leaves no gap in positions and revisions`() async throws {
        let seed = UInt64.random(in: 0 ... .max)
        let fixture = try await StoreFixture()
        let streams = (0..<5).map { _ in newStream() }
        try await fixture.withStore { store in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<4 {
                    group.addTask {
                        var random = Seeded(seed &+ UInt64(writer))
                        for _ in 0..<25 {
                            let stream = streams.randomElement(using: &random) ?? streams[0]
                            _ = try await store.append([event()], to: stream, expecting: .any)
                        }
                    }
                }
                group.addTask {
                    let events = (0..<200).map { ImportedEvent(event(), stream: streams[$0 % 5]) }
                    _ = try await fixture.importEvents(events, batch: 7)
                }
                try await group.waitForAll()
            }
        }
        let log = try await fixture.log()
        #expect(log.map(\.position.rawValue) == Array(1...300), "seed \(seed)")
        for (_, events) in Dictionary(grouping: log, by: \.stream) {
            #expect(events.map(\.revision.rawValue) == Array(0..<Int64(events.count)), "seed \(seed)")
        }
    }
}

/// What is to be the same after an export and an import.
private struct Comparable: Equatable {
    let event: ImportedEvent
    let position: Position
    let revision: Revision

    init(_ event: RecordedEvent) {
        self.event = ImportedEvent(event)
        position = event.position
        revision = event.revision
    }
}

/// Events with metadata and payloads of every kind.
private func oddEvent(_ number: Int) -> NewEvent {
    let payloads: [(ContentType, [UInt8])] = [
        (.json, Array(#"{"text":"Grüße \"\\ \u2028"}"#.utf8)), (.json, Array("{\n  \"a\": 1\n}".utf8)),
        (.binary, Array("not JSON".utf8)), (.json, Array("null".utf8)), (.json, Array(" {} ".utf8)),
        (.binary, [0, 0xFF, 0x0A]),
        (.binary, []), (.json, Array("[1,2.50,1e3,null]".utf8)), (.json, Array("\"\"".utf8)),
        (.json, Array("12".utf8)),
    ]
    let (contentType, payload) = payloads[number]
    return NewEvent(
        type: "Odd", schemaVersion: 1 + number, contentType: contentType, payload: payload,
        metadata: EventMetadata(
            correlationID: .make(), causationID: number % 2 == 0 ? CausationID(EventID.make()) : nil,
            commandID: number % 3 == 0 ? CommandID.make() : nil, commandFingerprint: "f", actor: "tést \"x\"",
            reason: number % 2 == 0 ? "why\nnot" : nil, traceContext: "00-1-2-01"))
}

private func lines(of count: Int, streams: Int) -> [[UInt8]] {
    let names = (0..<streams).map { _ in newStream() }
    return (0..<count).map { number in
        EventLine.bytes(
            of: RecordedEvent(
                event(), position: Position(rawValue: Int64(number + 1)), stream: names[number % streams],
                revision: .first, recordedAt: .now))
    }
}

extension StoreFixture {
    fileprivate func log() async throws -> [RecordedEvent] {
        try await withStore { try await $0.readLog(after: .start, .forwards, filter: .all, limit: 1_000).events }
    }

    @discardableResult
    fileprivate func importEvents(
        _ events: [ImportedEvent], batch: Int = 10_000
    ) async throws -> EventImport.Outcome {
        try await EventImport.with(connectionString, limits: .init(batchEventsMax: batch)) { target in
            var left = events[...]
            return try await target.write(batches: {
                defer { left = left.dropFirst(batch) }
                return left.isEmpty ? nil : Array(left.prefix(batch))
            })
        }
    }

    @discardableResult
    fileprivate func importLines(
        _ lines: [[UInt8]], batch: Int = 10_000, routing: LogRouting? = nil
    ) async throws -> EventImport.Outcome {
        let file = FileManager.default.temporaryDirectory.appending(path: "strata-import-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: file) }
        try Data(lines.joined(separator: [0x0A])).write(to: URL(filePath: file))
        return try await EventImport.with(
            connectionString, routing: routing, limits: .init(batchEventsMax: batch)
        ) { target in
            try await target.importFile(at: file)
        }
    }
}
