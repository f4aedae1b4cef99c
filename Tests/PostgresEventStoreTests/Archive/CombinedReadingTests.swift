import EventSourcing
import EventSourcingTesting
import Foundation
import PostgresEventStore
import Testing

/// Whatever is sealed, dropped or restored: reads give the same events.
@Suite struct CombinedReadingTests {
    @Test(arguments: 0..<6 as Range<UInt64>)
    func `every kind of read gives the same, wherever the events are`(seed: UInt64) async throws {
        var random = Seeded(seed)
        try await ArchiveFixture.with { fixture in
            try await fixture.append(90, seed: seed)
            let all = try await fixture.withStore(knowsSegments: false) { store in
                try await store.readLog(after: nil, .forwards, filter: .all, limit: 1_000).events
            }
            try #require(all.count == 90)
            let model = Model(all)
            try await model.compare(fixture, "nothing is sealed, seed \(seed)", &random)
            let segments = try await fixture.seal()
            #expect(segments.count == 5)
            try await model.compare(fixture, "all is sealed, seed \(seed)", &random)
            try await fixture.drop(Int.random(in: 1...4, using: &random))
            try await model.compare(fixture, "some is dropped, seed \(seed)", &random)
            try await fixture.drop(5)
            try await model.compare(fixture, "all that is sealed is dropped, seed \(seed)", &random)
            for segment in segments.suffix(Int.random(in: 1...4, using: &random)).reversed() {
                try await fixture.archive.restore(segment)
            }
            try await model.compare(fixture, "some is restored, seed \(seed)", &random)
        }
    }

    @Test func `the contract of event stores is kept by one whose older events have left the database`() async throws {
        try await ArchiveFixture.with { fixture in
            try await fixture.append(200, seed: 5)
            _ = try await fixture.seal()
            try await fixture.drop(10)
            try await fixture.withStore { store in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        while !Task.isCancelled {
                            do {
                                try await fixture.archive.sealNext()
                            } catch {
                                guard Task.isCancelled else { throw error }
                            }
                        }
                    }
                    try await EventStoreContract(store).verify()
                    group.cancelAll()
                    try await group.waitForAll()
                }
            }
        }
    }

    @Test func `a subscription sees every event once and in order while ranges are sealed, dropped and restored`()
        async throws
    {
        try await ArchiveFixture.with { fixture in
            try await fixture.append(200, seed: 6)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for pageSize in [1, 7, 30, 1_000, PageSize(events: 1_000, bytes: 2_000)] {
                    group.addTask {
                        for _ in 0..<4 { try await expectAllInOrder(fixture, 200, pageSize: pageSize) }
                    }
                }
                for segment in try await fixture.seal() { try await fixture.archive.drop(segment) }
                for segment in try await fixture.archive.segments().suffix(5).reversed() {
                    try await fixture.archive.restore(segment)
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func `look-ups find every event while ranges are dropped and restored`() async throws {
        try await ArchiveFixture.with { fixture in
            try await fixture.append(40, seed: 7)
            let all = try await fixture.withStore {
                try await $0.readLog(after: nil, .forwards, filter: .all, limit: 99).events
            }
            let model = Model(all)
            let segments = try await fixture.seal()
            try await fixture.withStore { store in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<2 {
                        group.addTask {
                            for _ in 0..<8 { try await model.compareLookups(store, "as they come and go") }
                        }
                    }
                    for _ in 0..<6 {
                        for segment in segments { try await fixture.archive.drop(segment) }
                        for segment in segments.reversed() { try await fixture.archive.restore(segment) }
                    }
                    try await group.waitForAll()
                }
            }
        }
    }

    private func expectAllInOrder(_ fixture: ArchiveFixture, _ count: Int64, pageSize: PageSize) async throws {
        try await fixture.withStore { store in
            var last = Position.start
            for try await batch in store.subscribe(after: .start, pageSize: pageSize) {
                for event in batch.events {
                    #expect(event.position == last.advanced(by: 1))
                    last = event.position
                }
                if last.rawValue >= count { break }
            }
        }
    }
}

/// What reads must give: the log as a plain array.
private struct Model: Sendable {
    let events: [RecordedEvent]
    let streams: [StreamName]

    init(_ events: [RecordedEvent]) {
        self.events = events
        streams = Array(Set(events.map(\.stream))).sorted { $0.rawValue < $1.rawValue }
    }

    func compare(_ fixture: ArchiveFixture, _ comment: Comment, _ random: inout Seeded) async throws {
        let seed = random.next()
        try await fixture.withStore { store in
            var random = Seeded(seed)
            for _ in 0..<40 {
                try await comparePage(store, comment, &random)
                try await compareStream(store, comment, &random)
            }
            try await compareLookups(store, comment)
        }
    }

    private func comparePage(_ store: PostgresEventStore, _ comment: Comment, _ random: inout Seeded) async throws {
        let direction: ReadDirection = Bool.random(using: &random) ? .forwards : .backwards
        let start = [nil, Int64.random(in: -2...95, using: &random), .max, .min].randomElement(using: &random)!
        let limit = [1, 10, 30, 1_000].randomElement(using: &random)!
        let filter = EventFilter(
            categories: [nil, ["order"], ["nothing"]].randomElement(using: &random)!,
            types: [nil, nil, ["Paid", "Unknown"]].randomElement(using: &random)!,
            query: [nil, nil, EventQuery(tagged: "sku:1")].randomElement(using: &random)!)
        let page = try await store.readLog(
            after: start.map(Position.init), direction, filter: filter, limit: PageSize(events: limit))
        let matching = events.filter { event in
            guard filter.matches(event) else { return false }
            return direction == .forwards
                ? event.position.rawValue > start ?? 0 : event.position.rawValue < start ?? .max
        }
        let wanted = Array((direction == .forwards ? matching : matching.reversed()).prefix(limit))
        let what: Comment =
            "\(comment): \(direction) from \(start.map(String.init) ?? "nil"), \(filter), limit \(limit)"
        #expect(isSame(page.events, wanted), what)
        let end = direction == .forwards ? max(start ?? 0, Int64(events.count)) : 0
        #expect(page.through.rawValue == (wanted.count == limit ? wanted.last?.position.rawValue : end), what)
    }

    private func compareStream(_ store: PostgresEventStore, _ comment: Comment, _ random: inout Seeded) async throws {
        let stream = streams.randomElement(using: &random)!
        let all = events.filter { $0.stream == stream }
        let start = Bool.random(using: &random) ? nil : Int64.random(in: 0...Int64(all.count) + 1, using: &random)
        let size: PageSize = [1, 3, 1_000, PageSize(events: 1_000, bytes: 300)].randomElement(using: &random)!
        let first = start.map(Revision.init)
        let forwards = try await store.read(stream, from: first, .forwards, limit: size).events
        #expect(isSame(forwards, all.filter { $0.revision.rawValue >= start ?? 0 }.prefix(size)), comment)
        let backwards = try await store.read(stream, from: first, .backwards, limit: size).events
        let wanted = all.filter { $0.revision.rawValue <= start ?? .max }.reversed() as [RecordedEvent]
        #expect(isSame(backwards, wanted.prefix(size)), "\(comment): \(stream) from \(start ?? -1), \(size)")
    }

    func compareLookups(_ store: PostgresEventStore, _ comment: Comment) async throws {
        for stream in streams {
            let all = events.filter { $0.stream == stream }
            for event in all {
                let found = try await store.find(event.id, in: stream)
                #expect(found.map(parts) == parts(event), comment)
                let ids = try await store.eventIDs(in: stream, through: event.revision)
                #expect(ids == Set(all.filter { $0.revision <= event.revision }.map(\.id)), comment)
            }
            #expect(try await store.find(.make(), in: stream) == nil, comment)
        }
        for id in Set(events.map(\.correlationID)) {
            for size: PageSize in [2, 1_000, PageSize(events: 1_000, bytes: 300)] {
                let found = try await store.events(correlatedBy: id, limit: size)
                let wanted = events.filter { $0.correlationID == id }
                #expect(isSame(found.events, wanted.prefix(size)), comment)
                #expect(!found.isComplete || found.events.count == wanted.count, comment)
            }
        }
    }
}
