internal import EventSourcing
internal import FoundationEssentials
internal import PostgresClient

/// The rows that a group adds, column by column, as `unnest` takes them.
struct EventColumns {
    private(set) var streamNames: [StreamName] = []
    private(set) var revisions: [Int64] = []
    private(set) var events: [AppendRequest.Event] = []

    var count: Int { events.count }

    mutating func append(_ event: AppendRequest.Event, stream: StreamName, revision: Int64) {
        streamNames.append(stream)
        revisions.append(revision)
        events.append(event)
    }

    func index(of key: GroupPlan.EventKey) -> Int? {
        events.indices.first { events[$0].event.id == key.id && streamNames[$0] == key.stream }
    }

    var hasTags: Bool { events.contains { !$0.event.tags.isEmpty } }

    /// How many ``parameters`` there are, and ``tagParameters``.
    static let count = 11
    static let tagCount = 3

    /// The names that ``parameters`` have in SQL.
    static let names = """
        schema_version, content_type, revision, event_id, correlation_id, causation_id, stream, type, tags, metadata, \
        payload
        """

    static func arrays(from first: Int) -> String {
        ["smallint", "smallint", "bigint", "uuid", "uuid", "uuid", "text", "text", "text", "bytea", "bytea"]
            .enumerated().map { "$\($0.offset + first)::\($0.element)[]" }.joined(separator: ", ")
    }

    var parameters: [PostgresValue] {
        [
            .int16Array(events.map { Int16($0.event.schemaVersion) }),
            .int16Array(events.map { $0.event.contentType.rawValue }),
            .int64Array(revisions),
            .uuidArray(events.map { $0.event.id.rawValue.uuid }),
            .uuidArray(events.map { $0.event.metadata.correlationID.rawValue.uuid }),
            .optionalUUIDArray(events.map { $0.event.metadata.causationID?.rawValue.uuid }),
            .textArray(streamNames.map(\.rawValue)),
            .textArray(events.map { $0.event.type.rawValue }),
            .optionalTextArray(events.map { $0.event.tags.isEmpty ? nil : $0.event.tags.storedText }),
            .bytesArray(events.map { $0.storedMetadata[...] }),
            .bytesArray(events.map { $0.event.payload[...] }),
        ]
    }

    /// The rows of `event_tags`: how far behind the old head each event stands, its tag and its type.
    var tagParameters: [PostgresValue] {
        var offsets: [Int64] = []
        var tags: [String] = []
        var types: [String] = []
        for (index, event) in events.enumerated() {
            for tag in event.event.tags {
                offsets.append(Int64(index + 1))
                tags.append(tag.rawValue)
                types.append(event.event.type.rawValue)
            }
        }
        return [.int64Array(offsets), .textArray(tags), .textArray(types)]
    }

    static let tagNames = "distance, tag, type"
    static func tagArrays(from first: Int) -> String {
        "$\(first)::bigint[], $\(first + 1)::text[], $\(first + 2)::text[]"
    }
}
