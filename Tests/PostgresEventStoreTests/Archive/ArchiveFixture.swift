import EventSourcing
import EventSourcingTesting
import Foundation
import PostgresClient
import PostgresEventStore
import Support
import Testing

/// A database and a folder of segments of a few events each.
struct ArchiveFixture {
    static let segmentEvents = 16

    let store: StoreFixture
    let folder: URL

    var archive: PostgresArchive {
        PostgresArchive(
            connectionString: store.connectionString, folder: folder.path, segmentEvents: Self.segmentEvents)
    }

    static func with<R: Sendable>(_ body: (ArchiveFixture) async throws -> R) async throws -> R {
        try await withTemporaryFolder { folder in
            try await body(ArchiveFixture(store: StoreFixture(), folder: folder))
        }
    }

    /// Runs a store that knows the segments, or one that does not.
    func withStore<R: Sendable>(
        knowsSegments: Bool = true, _ body: @Sendable (PostgresEventStore) async throws -> R
    ) async throws -> R {
        var configuration = PostgresEventStore.Configuration(connectionString: store.connectionString)
        configuration.archiveFolder = knowsSegments ? folder.path : nil
        return try await PostgresEventStore.with(configuration, logger: store.logger) { store in try await body(store) }
    }

    /// Appends events to few streams, by chance.
    func append(_ count: Int, seed: UInt64) async throws {
        try await withStore { store in
            var random = Seeded(seed)
            var left = count
            while left > 0 {
                let size = min(left, Int.random(in: 1...6, using: &random))
                let category: StreamCategory = ["order", "stock"].randomElement(using: &random)!
                let stream = category.stream("\(Int.random(in: 0..<12, using: &random))")
                _ = try await store.append(
                    (0..<size).map { _ in Self.event(&random) }, to: stream, expecting: .any)
                left -= size
            }
        }
    }

    private static func event(_ random: inout Seeded) -> NewEvent {
        let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        let isJSON = Bool.random(using: &random)
        return NewEvent(
            type: ["Placed", "Paid", "Shipped"].randomElement(using: &random)!,
            contentType: isJSON ? .json : .binary, payload: isJSON ? Array("\(bytes)".utf8) : bytes,
            tags: Set(
                (0..<Int.random(in: 0...2, using: &random)).map { _ in
                    EventTag("sku", "\(Int.random(in: 0..<5, using: &random))")
                }),
            metadata: EventMetadata(
                correlationID: .derived(from: "\(Int.random(in: 0..<20, using: &random))"),
                causationID: Bool.random(using: &random) ? .make() : nil, actor: "test"))
    }

    /// Seals every full range.
    func seal() async throws -> [PostgresArchive.Segment] {
        while try await archive.sealNext() != nil {}
        return try await archive.segments()
    }

    func drop(_ count: Int) async throws {
        for segment in try await archive.segments().prefix(count) { try await archive.drop(segment) }
    }

    func run<R: Sendable>(as role: String? = nil, _ body: @Sendable (PostgresSession) throws -> R) async throws -> R {
        try await store.run(as: role, body)
    }

    func countEvents() async throws -> Int64 {
        try await run { try $0.execute("SELECT count(*) FROM strata.events").int64(0, 0) }
    }

    /// A digest of all that the table of events holds.
    func contents() async throws -> String {
        try await run { session in
            try session.execute(
                "SELECT COALESCE(md5(string_agg(e::text, chr(10) ORDER BY log, position)), '') FROM strata.events AS e"
            ).text(0, 0)
        }
    }
}

/// All that an event is made of, so that two can be compared.
func parts(_ event: RecordedEvent) -> [AnyHashable] {
    [
        event.position, event.stream, event.revision, event.id, event.type, event.schemaVersion, event.contentType,
        event.recordedAt, event.correlationID, event.causationID, Array(event.payload), event.metadata, event.tags,
        event.log,
    ]
}

func isSame(_ left: [RecordedEvent], _ right: [RecordedEvent]) -> Bool { left.map(parts) == right.map(parts) }

func expectError(
    _ code: EventStoreError.Code, _ words: String = "", _ body: () async throws -> Void,
    sourceLocation: SourceLocation = #_sourceLocation
) async {
    do {
        try await body()
        Issue.record("it went through", sourceLocation: sourceLocation)
    } catch let error as EventStoreError {
        #expect(
            error.code == code && (words.isEmpty || error.message.contains(words)), "\(error)",
            sourceLocation: sourceLocation)
    } catch {
        Issue.record("\(error)", sourceLocation: sourceLocation)
    }
}
