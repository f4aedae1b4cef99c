internal import EventSourcing
internal import FoundationEssentials
internal import PostgresClient

/// The rows that a group adds to `events`, and to `event_tags`.
struct NewRows {
    /// What one append adds to one stream.
    struct Part {
        private let request: AppendRequest
        private let index: Int
        let firstRevision: Int64
        /// How many rows stand before it.
        let start: Int
        private let count: Int

        fileprivate init(_ request: AppendRequest, _ index: Int, firstRevision: Int64, start: Int) {
            self.request = request
            self.index = index
            self.firstRevision = firstRevision
            self.start = start
            count = request.streams[index].eventCount
        }

        var stream: AppendRequest.Stream { request.streams[index] }

        fileprivate var rows: PostgresRecords { request.streams[index].rows }

        var lastRevision: Int64 { firstRevision + Int64(count) - 1 }

        /// How many rows stand before the one after it.
        fileprivate var end: Int { start + count }

        /// Where its last event stands.
        func receipt(behind head: Int64) -> AppendReceipt.Stream {
            AppendReceipt.Stream(
                stream: request.streams[index].name, revision: Revision(rawValue: lastRevision),
                position: Position(rawValue: head + Int64(end)))
        }
    }

    /// In the order in which the appends were accepted.
    private(set) var parts: [Part] = []
    private var byteCount = 0
    var count: Int { parts.last?.end ?? 0 }
    private(set) var hasTags = false

    init(partCount: Int = 0) { parts.reserveCapacity(partCount) }

    /// Adds what `request` appends to its stream at `index`.
    mutating func append(_ request: AppendRequest, _ index: Int, firstRevision: Int64) {
        parts.append(Part(request, index, firstRevision: firstRevision, start: count))
        byteCount += request.streams[index].rows.byteCount
        hasTags = hasTags || request.streams[index].hasTags
    }

    /// Where the row of an event stands among these, from 0, and its revision.
    func place(of key: EventKey) -> (index: Int, revision: Int64)? {
        for part in parts where part.stream.name == key.stream {
            if let index = part.stream.events.firstIndex(where: { $0.id == key.id }) {
                return (part.start + index, part.firstRevision + Int64(index))
            }
        }
        return nil
    }

    /// Where the last row stands, from 0, that `query` finds.
    func lastIndex(foundBy query: EventQuery) -> Int? {
        for part in parts.reversed() {
            if let index = part.stream.events.lastIndex(where: { query.matches(type: $0.type, tags: $0.tags) }) {
                return part.start + index
            }
        }
        return nil
    }

    // MARK: As parameters

    /// The composite type that carries a row.
    static let type = "strata.new_event"
    /// The fields of ``type`` in their order, which are columns of `events`.
    static let names = """
        schema_version, content_type, event_id, correlation_id, causation_id, stream, type, tags, metadata, payload, \
        revision
        """
    private static let nameCount = 11
    /// What fields of fixed lengths have, and some room for names.
    private static let usualByteCount = 128

    /// The rows of an append's events in one stream, all but the revisions.
    static func rows(of append: StreamAppend) -> PostgresRecords {
        let stream = append.stream.rawValue
        let usualByteCount = usualByteCount + stream.utf8.count
        var rows = PostgresRecords(
            reserving: append.events.count * (nameCount + 1),
            byteCount: append.events.reduce(0) { $0 + $1.payload.count + usualByteCount })
        // A plain loop would copy each event, and count the references to all that it holds.
        let events = append.events.span
        for index in events.indices { rows.append(events[index], stream) }
        return rows
    }

    /// - Parameter type: The object id of ``type``.
    func parameter(_ type: UInt32) -> PostgresValue {
        var array = PostgresRecordArray(of: type, byteCount: byteCount)
        for part in parts { array.append(part.rows, numberedFrom: part.firstRevision) }
        return .records(array)
    }

    /// The rows of `event_tags`: how far behind the old head each event stands, its tag and its type.
    var tagParameters: [PostgresValue] {
        var offsets: [Int64] = []
        var tags: [String] = []
        var types: [String] = []
        for part in parts {
            for (index, event) in part.stream.events.enumerated() {
                for tag in event.tags {
                    offsets.append(Int64(part.start + index + 1))
                    tags.append(tag.rawValue)
                    types.append(event.type.rawValue)
                }
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

extension PostgresRecords {
    fileprivate mutating func append(_ event: borrowing NewEvent, _ stream: String) {
        begin()
        append(Int16(event.schemaVersion))
        append(event.contentType.rawValue)
        append(event.id.rawValue.uuid)
        append(event.metadata.correlationID.rawValue.uuid)
        append(event.metadata.causationID?.rawValue.uuid)
        append(stream)
        append(event.type.rawValue)
        append(event.tags.isEmpty ? nil : event.tags.storedText)
        appendBytes { event.metadata.store(in: &$0) }
        append(event.payload)
        end()
    }
}
