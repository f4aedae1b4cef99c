internal import EventSourcing
internal import FoundationEssentials
internal import PostgresClient

/// Turns rows into events. Payloads and metadata of a page share one buffer; the names of types are kept once.
enum EventRows {
    /// What ``events(of:)`` reads, in this order.
    static let columns = """
        position, stream, revision, event_id, type, schema_version, content_type, recorded_at, correlation_id, \
        causation_id, tags, metadata, payload
        """

    /// The statement that reads rows in the order of `place` until they fill a page. How large a payload is stands in
    /// its row, wherever its bytes are: rows that are looked at behind the end of the page cost little.
    static func pageSQL(
        from source: String, where condition: String, by place: String, _ direction: ReadDirection,
        limit: String, bytes: String
    ) -> String {
        let order = direction == .forwards ? "ASC" : "DESC"
        return """
            SELECT \(columns) FROM (
                SELECT \(columns), \(place) AS place,
                    sum(octet_length(payload) + octet_length(metadata))
                        OVER (ORDER BY \(place) \(order) ROWS UNBOUNDED PRECEDING)
                        - octet_length(payload) - octet_length(metadata) AS bytes_before
                FROM \(source) WHERE \(condition) ORDER BY \(place) \(order) LIMIT \(limit)
            ) AS page
            WHERE bytes_before < \(bytes) ORDER BY place \(order)
            """
    }

    /// What the rows count towards ``PageSize/bytes``.
    static func byteCount(of rows: borrowing PostgresResult) -> Int {
        var count = 0
        for row in 0..<rows.rowCount { count += rows.length(row, 11) + rows.length(row, 12) }
        return count
    }

    static func events(of rows: borrowing PostgresResult, in log: LogName) throws -> [RecordedEvent] {
        let count = rows.rowCount
        guard count > 0 else { return [] }
        let page = page(of: rows)
        var names = RepeatedNames()
        var events: [RecordedEvent] = []
        events.reserveCapacity(count)
        var offset = 0
        for row in 0..<count {
            let metadata = slice(of: page, rows, row, 11, &offset)
            let payload = slice(of: page, rows, row, 12, &offset)
            events.append(
                RecordedEvent(
                    log: log,
                    position: Position(rawValue: try rows.int64(row, 0)),
                    stream: rows.withBytes(row, 1) { names.stream($0) },
                    revision: Revision(rawValue: try rows.int64(row, 2)),
                    id: EventID(rawValue: rows.uuid(row, 3)),
                    type: rows.withBytes(row, 4) { names.type($0) },
                    schemaVersion: Int(try rows.int16(row, 5)),
                    contentType: ContentType(rawValue: try rows.int16(row, 6)) ?? .binary,
                    recordedAt: Timestamp(microsecondsSince1970: try rows.timestampMicroseconds(row, 7)),
                    correlationID: CorrelationID(rawValue: rows.uuid(row, 8)),
                    causationID: rows.isNull(row, 9) ? nil : CausationID(rawValue: rows.uuid(row, 9)),
                    payload: payload, storedMetadata: metadata,
                    storedTags: rows.isNull(row, 10) ? "" : rows.text(row, 10)))
        }
        return events
    }

    /// The metadata and payloads of all rows, one after the other.
    private static func page(of rows: borrowing PostgresResult) -> [UInt8] {
        let count = rows.rowCount
        return [UInt8](unsafeUninitializedCapacity: byteCount(of: rows)) { page, initialized in
            var offset = 0
            for row in 0..<count {
                for column in 11...12 {
                    rows.withBytes(row, column) { bytes in
                        UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(page)[offset...])
                            .copyMemory(from: bytes)
                        offset += bytes.count
                    }
                }
            }
            initialized = offset
        }
    }

    private static func slice(
        of page: [UInt8], _ rows: borrowing PostgresResult, _ row: Int, _ column: Int, _ offset: inout Int
    ) -> ArraySlice<UInt8> {
        let start = offset
        offset += rows.length(row, column)
        return page[start..<offset]
    }
}
