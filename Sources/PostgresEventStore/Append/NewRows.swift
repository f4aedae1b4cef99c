internal import EventSourcing
internal import FoundationEssentials
internal import PostgresClient

/// The rows that a group adds to `events`, and to `event_tags`.
struct NewRows {
    struct Row {
        let stream: StreamName
        let revision: Int64
        let event: AppendRequest.Event
    }

    private(set) var rows: [Row] = []
    private(set) var hasTags = false

    var count: Int { rows.count }

    mutating func append(_ event: AppendRequest.Event, stream: StreamName, revision: Int64) {
        rows.append(Row(stream: stream, revision: revision, event: event))
        hasTags = hasTags || !event.tags.isEmpty
    }

    func index(of key: GroupPlan.EventKey) -> Int? {
        rows.firstIndex { $0.event.id == key.id && $0.stream == key.stream }
    }

    // MARK: As parameters

    /// The composite type that carries a row.
    static let type = "strata.new_event"
    /// The fields of ``type`` in their order, which are columns of `events`.
    static let names = """
        schema_version, content_type, event_id, correlation_id, causation_id, stream, type, tags, metadata, payload, \
        revision
        """

    /// The fields of an event's row, all but the revision.
    static func fields(of event: NewEvent, in stream: StreamName) -> PostgresFields {
        let metadata = event.metadata.storedBytes
        var fields = PostgresFields(
            reserving: 10,
            byteCount: 64 + stream.rawValue.utf8.count + event.type.rawValue.utf8.count + metadata.count
                + event.payload.count)
        fields.append(Int16(event.schemaVersion))
        fields.append(event.contentType.rawValue)
        fields.append(event.id.rawValue.uuid)
        fields.append(event.metadata.correlationID.rawValue.uuid)
        fields.append(event.metadata.causationID?.rawValue.uuid)
        fields.append(stream.rawValue)
        fields.append(event.type.rawValue)
        fields.append(event.tags.isEmpty ? nil : event.tags.storedText)
        fields.append(metadata)
        fields.append(event.payload)
        return fields
    }

    /// - Parameter type: The object id of ``type``.
    func parameter(_ type: UInt32) -> PostgresValue {
        var records = PostgresRecords(of: type, byteCount: rows.reduce(0) { $0 + $1.event.fields.byteCount + 24 })
        for row in rows { records.append(row.event.fields, last: row.revision) }
        return .records(records)
    }

    /// The rows of `event_tags`: how far behind the old head each event stands, its tag and its type.
    var tagParameters: [PostgresValue] {
        var offsets: [Int64] = []
        var tags: [String] = []
        var types: [String] = []
        for (index, row) in rows.enumerated() {
            for tag in row.event.tags {
                offsets.append(Int64(index + 1))
                tags.append(tag.rawValue)
                types.append(row.event.type.rawValue)
            }
        }
        return [.int64Array(offsets), .textArray(tags), .textArray(types)]
    }

    static let tagParameterCount = 3
    static let tagNames = "distance, tag, type"
    static func tagArrays(from first: Int) -> String {
        "$\(first)::bigint[], $\(first + 1)::text[], $\(first + 2)::text[]"
    }
}
