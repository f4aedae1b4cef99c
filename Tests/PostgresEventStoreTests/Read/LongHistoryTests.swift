import EventSourcing
import PostgresEventStore
import Testing

/// Most of a long history is copied out in stretches, ahead of its reader; single pages come by a statement of their
/// own.
@Suite struct `A long history` {
    private static let count = 9_000

    @Test func `is the same however it is fetched`() async throws {
        try await withHistory { store in
            var selected: [RecordedEvent] = []
            while let page = try await page(store, after: selected.last?.position ?? .start), !page.isEmpty {
                selected += page
            }
            var copied: [RecordedEvent] = []
            for try await batch in store.subscribe(after: .start, pageSize: 500) {
                copied += batch.events
                if batch.position.rawValue == Self.count { break }
            }
            #expect(copied.map(\.position.rawValue) == Array(1...Int64(Self.count)))
            #expect(copied.map(Contents.init) == selected.map(Contents.init))
        }
    }

    @Test func `is read by several at once, from wherever they begin`() async throws {
        try await withHistory { store in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for reader in 0..<5 {
                    group.addTask {
                        let start = reader * 777
                        var seen: [Int64] = []
                        for try await batch in store.subscribe(
                            after: Position(rawValue: Int64(start)), pageSize: PageSize(events: 500 + reader % 2 * 100))
                        {
                            seen += batch.events.map(\.position.rawValue)
                            if batch.position.rawValue == Self.count { break }
                        }
                        #expect(seen == Array(Int64(start + 1)...Int64(Self.count)))
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    /// Fewer events than those for which anything is fetched ahead.
    private func page(_ store: PostgresEventStore, after position: Position) async throws -> [RecordedEvent]? {
        try await store.readLog(after: position, .forwards, filter: .all, limit: 499).events
    }

    private func withHistory(_ body: @Sendable (PostgresEventStore) async throws -> Void) async throws {
        try await StoreFixture().withStore { store in
            for start in stride(from: 0, to: Self.count, by: 1_000) {
                _ = try await store.append((start..<start + 1_000).map(event), to: newStream(), expecting: .noStream)
            }
            try await body(store)
        }
    }

    /// Events of every shape, of which the large ones lie together: pages differ in size.
    private func event(_ number: Int) -> NewEvent {
        let id = EventID.make()
        let large = number / 500 % 4 == 1
        return NewEvent(
            id: id, type: EventType(recorded: "Type\(number % 3)"), contentType: .binary,
            payload: Array(repeating: UInt8(number % 256), count: large ? 3_000 : number % 50),
            tags: number % 7 == 0 ? [EventTag("customer", "\(number)"), "sku:é"] : [],
            metadata: EventMetadata(
                correlationID: .make(), causationID: number % 2 == 0 ? CausationID(id) : nil, actor: "test"))
    }
}

/// All that an event holds.
private struct Contents: Equatable {
    let position: LogPosition
    let stream: StreamName
    let revision: Revision
    let id: EventID
    let type: EventType
    let schemaVersion: Int
    let contentType: ContentType
    let recordedAt: Timestamp
    let metadata: EventMetadata
    let tags: Set<EventTag>
    let payload: ArraySlice<UInt8>

    init(_ event: RecordedEvent) {
        position = event.logPosition
        stream = event.stream
        revision = event.revision
        id = event.id
        type = event.type
        schemaVersion = event.schemaVersion
        contentType = event.contentType
        recordedAt = event.recordedAt
        metadata = event.metadata
        tags = event.tags
        payload = event.payload
    }
}
