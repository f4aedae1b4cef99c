import EventSourcing
import EventSourcingTesting
import Foundation
import PostgresClient
import PostgresEventStore
import Support
import Testing

@Suite struct PostgresArchiveTests {
    @Test func `what is restored is what was dropped, bit for bit`() async throws {
        try await ArchiveFixture.with { fixture in
            try await fixture.append(80, seed: 1)
            let before = try await fixture.contents()
            let segments = try await fixture.seal()
            try await fixture.drop(5)
            #expect(try await fixture.countEvents() <= 24, "one of each stream is left")
            #expect(try await fixture.archive.segments().allSatisfy { !$0.isInDatabase })
            for segment in segments.reversed() { try await fixture.archive.restore(segment) }
            #expect(try await fixture.contents() == before)
            #expect(try await fixture.archive.segments().allSatisfy(\.isInDatabase))
        }
    }

    @Test func `streams go on at the right revision when their events have left`() async throws {
        try await ArchiveFixture.with { fixture in
            let stream = newStream()
            let first = event()
            try await fixture.withStore { store in
                _ = try await store.append([first], to: stream, expecting: .noStream)
                _ = try await store.append((0..<40).map { _ in event() }, to: stream, expecting: .exact(.first))
            }
            _ = try await fixture.seal()
            try await fixture.drop(2)
            try await fixture.withStore { store in
                await expectError(.conflict) { _ = try await store.append([event()], to: stream, expecting: .noStream) }
                let repeated = try await store.append([first], to: stream, expecting: .noStream)
                #expect(repeated.isRepeat && repeated.streams[0].revision == .first)
                let receipt = try await store.append(
                    [event()], to: stream, expecting: .exact(Revision(rawValue: 40)))
                #expect(receipt.streams[0].revision == Revision(rawValue: 41))
                #expect(try await store.readAll(stream).map(\.revision.rawValue) == Array(0...41))
            }
        }
    }

    @Test func `an append that expects nothing is still known at the end of its stream when it has left`() async throws
    {
        try await ArchiveFixture.with { fixture in
            let (stream, events) = (newStream(), [event(), event()])
            let receipt = try await fixture.withStore { store in
                try await store.append(events, to: stream, expecting: .any)
            }
            try await fixture.append(ArchiveFixture.segmentEvents, seed: 1)
            _ = try await fixture.seal()
            try await fixture.drop(1)
            try await fixture.withStore { store in
                let again = try await store.append(events, to: stream, expecting: .any)
                #expect(again.isRepeat && again.streams == receipt.streams)
            }
        }
    }

    @Test func `a segment of another database in the same folder is not replaced`() async throws {
        try await ArchiveFixture.with { fixture in
            try await fixture.append(ArchiveFixture.segmentEvents, seed: 1)
            let segment = try #require(try await fixture.seal().first)
            let other = ArchiveFixture(store: try await StoreFixture(), folder: fixture.folder)
            try await other.append(ArchiveFixture.segmentEvents, seed: 2)
            await expectError(.damagedArchive, "Nothing was replaced") { _ = try await other.archive.sealNext() }
            try await fixture.archive.verify(segment)
            #expect(try await other.archive.segments().isEmpty)
        }
    }

    @Test(.enabled(if: geteuid() != 0, "root may read every folder"))
    func `nothing is dropped while the folder cannot be brought to the disk`() async throws {
        try await ArchiveFixture.with { fixture in
            try await fixture.append(ArchiveFixture.segmentEvents, seed: 1)
            let segment = try #require(try await fixture.seal().first)
            let before = try await fixture.contents()
            // Its files can be opened by name, and it cannot be opened itself.
            #expect(chmod(fixture.archive.folder, 0o300) == 0)
            await expectError(.damagedArchive, "No event was deleted") { try await fixture.archive.drop(segment) }
            #expect(chmod(fixture.archive.folder, 0o700) == 0)
            #expect(try await fixture.contents() == before)
            #expect(try await fixture.archive.segments().allSatisfy(\.isInDatabase))
            try await fixture.archive.drop(segment)
            #expect(try await fixture.contents() != before)
        }
    }

    @Test func `large events are sealed and dropped a few at a time`() async throws {
        try await ArchiveFixture.with { fixture in
            let payload = Array("\"\(String(repeating: "x", count: 1 << 20 - 2))\"".utf8)
            try await fixture.withStore { store in
                for _ in 0..<ArchiveFixture.segmentEvents {
                    let large = NewEvent(type: "Large", payload: payload, metadata: event().metadata)
                    _ = try await store.append([large], to: newStream(), expecting: .noStream)
                }
            }
            let segment = try #require(try await fixture.seal().first)
            try await fixture.archive.verify(segment)
            try await fixture.drop(1)
        }
    }

    @Test func `of a stream that outlives several drops one event is left behind`() async throws {
        try await ArchiveFixture.with { fixture in
            let stream = newStream()
            try await fixture.withStore { store in
                _ = try await store.append((0..<100).map { _ in event() }, to: stream, expecting: .noStream)
            }
            for segment in try await fixture.seal() { try await fixture.archive.drop(segment) }
            #expect(try await fixture.countEvents() == 100 - 96)
        }
    }

    @Test func `a process without the segments is told so, and never that there is nothing`() async throws {
        try await ArchiveFixture.with { fixture in
            try await fixture.append(60, seed: 2)
            let all = try await fixture.withStore {
                try await $0.readLog(after: nil, .forwards, filter: .all, limit: 99)
            }
            _ = try await fixture.seal()
            try await fixture.drop(2)
            let old = all.events[0]
            try await fixture.withStore(knowsSegments: false) { store in
                for filter in [
                    EventFilter.all, EventFilter(types: ["Unknown"]), EventFilter(query: EventQuery(tagged: "x")),
                ] {
                    for direction in [ReadDirection.forwards, .backwards] {
                        await expectError(.archived, "--archive") {
                            _ = try await store.readLog(after: nil, direction, filter: filter, limit: 100)
                        }
                    }
                }
                await expectError(.archived, "--archive") { _ = try await store.readAll(old.stream) }
                await expectError(.archived) { _ = try await store.find(old.id, in: old.stream) }
                await expectError(.archived) {
                    _ = try await store.eventIDs(in: old.stream, through: Revision(rawValue: 99))
                }
                await expectError(.archived) { _ = try await store.events(correlatedBy: old.correlationID, limit: 9) }
                let recent = try await store.readLog(after: Position(rawValue: 32), .forwards, filter: .all, limit: 100)
                #expect(isSame(recent.events, Array(all.events.dropFirst(32))))
                // A repeat of what has left, as it was sent: that nothing was written would be wrong.
                await expectError(.archived, "--archive") {
                    let again = NewEvent(
                        id: old.id, type: old.type, payload: Array("{}".utf8), metadata: event().metadata)
                    _ = try await store.append([again], to: old.stream, expecting: .noStream)
                }
                // Beyond the stream's end nothing can have left.
                await expectError(.conflict) {
                    _ = try await store.append(
                        [event()], to: old.stream, expecting: .exact(Revision(rawValue: 1_000)))
                }
                _ = try await store.append([event()], to: old.stream, expecting: .streamExists)
            }
        }
    }

    @Test func `a repeat is not refused while the segment that has it cannot be read`() async throws {
        try await ArchiveFixture.with { fixture in
            let (stream, first) = (newStream(), [event(), event()])
            let receipt = try await fixture.withStore { store in
                let receipt = try await store.append(first, to: stream, expecting: .noStream)
                _ = try await store.append(
                    (0..<40).map { _ in event() }, to: stream, expecting: .exact(Revision(rawValue: 1)))
                return receipt
            }
            let segment = try await fixture.seal()[0]
            try await fixture.drop(1)
            let url = URL(fileURLWithPath: segment.path)
            let whole = try Data(contentsOf: url)
            try FileManager.default.removeItem(at: url)
            try await fixture.withStore { store in
                await expectError(.archived, "--archive") {
                    _ = try await store.append(first, to: stream, expecting: .noStream)
                }
                // What stands there is in the database, and is another event.
                await expectError(.conflict) {
                    _ = try await store.append([event()], to: stream, expecting: .exact(Revision(rawValue: 30)))
                }
            }
            try whole.write(to: url)
            try await fixture.withStore { store in
                let again = try await store.append(first, to: stream, expecting: .noStream)
                #expect(again.isRepeat && again.streams == receipt.streams)
            }
        }
    }

    @Test func `a damaged segment is passed over while PostgreSQL has its events, and then is an error`() async throws {
        try await ArchiveFixture.with { fixture in
            try await fixture.append(40, seed: 3)
            let segment = try await fixture.seal()[0]
            let url = URL(fileURLWithPath: segment.path)
            let whole = try Data(contentsOf: url)
            var damaged = whole
            damaged[60] ^= 1
            try damaged.write(to: url)
            await expectError(.damagedArchive, segment.path) { try await fixture.archive.verify(segment) }
            await expectError(.damagedArchive, segment.path) { try await fixture.archive.drop(segment) }
            try await fixture.withStore { store in
                let page = try await store.readLog(after: nil, .forwards, filter: .all, limit: 100)
                #expect(page.events.map(\.position.rawValue) == Array(1...40))
            }
            try whole.write(to: url)
            try await fixture.archive.drop(segment)
            try damaged.write(to: url)
            try await fixture.withStore { store in
                await expectError(.damagedArchive, segment.path) {
                    _ = try await store.readLog(after: nil, .forwards, filter: .all, limit: 100)
                }
            }
            try FileManager.default.removeItem(at: url)
            await expectError(.archived, segment.path) { try await fixture.archive.verify(segment) }
        }
    }

    @Test func `what the database still has is read from there when its segment is gone, also at the border`()
        async throws
    {
        try await ArchiveFixture.with { fixture in
            try await fixture.append(60, seed: 6)
            let all = try await fixture.withStore {
                try await $0.readLog(after: nil, .forwards, filter: .all, limit: 99).events
            }
            let segments = try await fixture.seal()
            try await fixture.drop(1)
            try FileManager.default.removeItem(atPath: segments[1].path)
            try await fixture.withStore { store in
                for limit in [10, 20, 1_000] {
                    let forwards = try await store.readLog(
                        after: Position(rawValue: 9), .forwards, filter: .all, limit: PageSize(events: limit))
                    #expect(isSame(forwards.events, Array(all.dropFirst(9).prefix(limit))), "limit \(limit)")
                    let backwards = try await store.readLog(
                        after: nil, .backwards, filter: .all, limit: PageSize(events: limit))
                    #expect(isSame(backwards.events, Array(all.reversed().prefix(limit))), "limit \(limit)")
                }
            }
        }
    }

    @Test func `the newest events are read backwards without the segments`() async throws {
        try await ArchiveFixture.with { fixture in
            try await fixture.append(60, seed: 7)
            let all = try await fixture.withStore {
                try await $0.readLog(after: nil, .forwards, filter: .all, limit: 99).events
            }
            _ = try await fixture.seal()
            try await fixture.drop(2)
            let filters = [
                EventFilter.all, EventFilter(types: ["Paid"]), EventFilter(query: EventQuery(tagged: "sku:1")),
            ]
            try await fixture.withStore(knowsSegments: false) { store in
                for filter in filters {
                    let page = try await store.readLog(after: nil, .backwards, filter: filter, limit: 2)
                    #expect(isSame(page.events, Array(all.filter(filter.matches).suffix(2).reversed())))
                }
                await expectError(.archived) {
                    _ = try await store.readLog(after: Position(rawValue: 34), .backwards, filter: .all, limit: 2)
                }
            }
        }
    }

    @Test func `a segment is not dropped whose file went after it was verified`() async throws {
        try await ArchiveFixture.with { fixture in
            try await fixture.append(20, seed: 8)
            let segment = try await fixture.seal()[0]
            let archive = fixture.archive
            try await archive.verify(segment)
            try FileManager.default.removeItem(atPath: segment.path)
            await expectError(.archived, segment.path) { try await archive.drop(segment) }
            #expect(try await fixture.archive.segments()[0].isInDatabase)
        }
    }

    @Test func `tags that look alike and are not the same are sealed and restored as they were`() async throws {
        try await ArchiveFixture.with { fixture in
            try await fixture.withStore { store in
                for index in 0..<20 {
                    var tagged = event()
                    tagged.tags = [index.isMultiple(of: 2) ? "caf\u{e9}" : "cafe\u{301}"]
                    _ = try await store.append([tagged], to: newStream(), expecting: .noStream)
                    _ = try await store.append(
                        [event()], to: StreamCategory("test").stream("rest"), expecting: .any)
                }
            }
            let before = try await fixture.contents()
            let segments = try await fixture.seal()
            #expect(segments.count == 2)
            try await fixture.drop(2)
            try await fixture.withStore { store in
                for tag in ["caf\u{e9}", "cafe\u{301}"] as [EventTag] {
                    let page = try await store.readLog(
                        after: nil, .forwards, filter: EventFilter(query: EventQuery(tagged: tag)), limit: 100)
                    #expect(page.events.count == 10)
                }
            }
            for segment in segments.reversed() { try await fixture.archive.restore(segment) }
            #expect(try await fixture.contents() == before)
        }
    }

    @Test func `a segment that differs from the database is not dropped`() async throws {
        try await ArchiveFixture.with { fixture in
            try await fixture.append(20, seed: 4)
            let segment = try await fixture.seal()[0]
            try await fixture.run { session in
                try session.executeScript(
                    """
                    SET session_replication_role = replica;
                    UPDATE strata.events SET payload = 'forged' WHERE position = 3
                    """)
            }
            await expectError(.damagedArchive, "position 3") { try await fixture.archive.drop(segment) }
            #expect(try await fixture.archive.segments()[0].isInDatabase)
        }
    }

    @Test func `only what is sealed can leave, oldest first, and never the last event of a stream`() async throws {
        try await ArchiveFixture.with { fixture in
            try await fixture.withStore { _ = try await $0.append([event()], to: newStream(), expecting: .noStream) }
            try await fixture.append(60, seed: 5)
            let segments = try await fixture.seal()
            await expectError(.outOfOrder, "first") { try await fixture.archive.drop(segments[1]) }
            await expectError(.outOfOrder, "not the newest") { try await fixture.archive.restore(segments[0]) }
            try await fixture.drop(1)
            for sql in [
                "DELETE FROM strata.events WHERE position > 16", "DELETE FROM strata.events",
                "DELETE FROM strata.events WHERE position <= 16",
            ] {
                await #expect(throws: PostgresError.self) {
                    try await fixture.run(as: "strata_archive") { try $0.executeScript(sql) }
                }
            }
            await #expect(throws: PostgresError.self) {
                try await fixture.run(as: "strata_application") { session in
                    try session.executeScript("SELECT strata.begin_drop(1, 1, ''::bytea)")
                }
            }
        }
    }

    @Test func `several processes may seal one log at once`() async throws {
        try await ArchiveFixture.with { fixture in
            try await fixture.append(160, seed: 6)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 { group.addTask { _ = try await fixture.seal() } }
                try await group.waitForAll()
            }
            let segments = try await fixture.archive.segments()
            #expect(segments.map(\.number) == Array(0..<10))
            for segment in segments { try await fixture.archive.verify(segment) }
            let files = try FileManager.default.contentsOfDirectory(atPath: fixture.archive.folder)
            #expect(files.count == 10, "no temporary file is left: \(files)")
        }
    }

    @Test func `a file that was lost is written again as it was`() async throws {
        try await ArchiveFixture.with { fixture in
            try await fixture.append(20, seed: 7)
            let segment = try await fixture.seal()[0]
            let before = try Data(contentsOf: URL(fileURLWithPath: segment.path))
            try FileManager.default.removeItem(atPath: segment.path)
            try await fixture.archive.sealAgain(segment)
            #expect(try Data(contentsOf: URL(fileURLWithPath: segment.path)) == before)
        }
    }

    @Test func `the notary seals each range when it is full`() async throws {
        try await ArchiveFixture.with { fixture in
            try await fixture.withStore { store in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    let notary = Notary(fixture.archive, store: store, logger: fixture.store.logger)
                    group.addTask { try await notary.run() }
                    for count in 1...3 {
                        _ = try await store.append(
                            (0..<ArchiveFixture.segmentEvents).map { _ in event() }, to: newStream(),
                            expecting: .noStream)
                        try await eventually("the range is sealed") {
                            try await fixture.archive.segments().count >= count
                        }
                    }
                    group.cancelAll()
                }
            }
        }
    }
}
