internal import EventSourcing
internal import FoundationEssentials
internal import PostgresClient

/// Rows of `strata.events` in PostgreSQL's binary COPY format (PostgreSQL manual, COPY, "Binary Format"). What is known
/// only under the log's lock stands first in each row, and is added when they are sent.
struct ImportRows: Sendable {
    static let statement = """
        COPY strata.events (
            position, revision, recorded_at, log, schema_version, content_type, event_id, correlation_id, causation_id,
            stream, type, tags, metadata, payload
        ) FROM STDIN (FORMAT binary)
        """

    private static let columnCount: Int16 = 14
    /// The signature, no flags, and no extension of the header.
    private static let header = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00] + Array(repeating: 0, count: 8)
    /// A row of -1 columns.
    private static let trailer: [UInt8] = [0xFF, 0xFF]
    private static let chunkBytes = 256 << 10

    /// The rows one after the other, without what is known only under the lock.
    private var bytes: [UInt8] = []
    /// Where each row begins, and where the last one ends.
    private var starts: [Int] = [0]
    /// When each event was recorded elsewhere.
    private let times: [Timestamp?]

    init(_ events: [ImportedEvent], log: LogID) {
        times = events.map(\.recordedAt)
        bytes.reserveCapacity(events.reduce(0) { $0 + $1.event.payload.count + 256 })
        starts.reserveCapacity(events.count + 1)
        for event in events {
            append(event, log)
            starts.append(bytes.count)
        }
    }

    /// Sends the rows of `plan`, and no others.
    ///
    /// - Parameter now: The time of events that have none.
    func send(_ plan: ImportPlan, now: Timestamp, _ send: (UnsafeRawBufferPointer) throws -> Void) throws {
        var chunk = Self.header
        chunk.reserveCapacity(Self.chunkBytes + (64 << 10))
        for row in plan.rows {
            chunk.append(bigEndian: Self.columnCount)
            chunk.field(row.position)
            chunk.field(row.revision)
            chunk.field((times[row.index] ?? now).microsecondsSince1970 - PostgresResult.microsecondsFrom1970To2000)
            chunk.append(contentsOf: bytes[starts[row.index]..<starts[row.index + 1]])
            if chunk.count >= Self.chunkBytes {
                try chunk.withUnsafeBytes(send)
                chunk.removeAll(keepingCapacity: true)
            }
        }
        chunk.append(contentsOf: Self.trailer)
        try chunk.withUnsafeBytes(send)
    }

    private mutating func append(_ imported: ImportedEvent, _ log: LogID) {
        let event = imported.event
        bytes.field(log.rawValue)
        bytes.field(Int16(event.schemaVersion))
        bytes.field(event.contentType.rawValue)
        bytes.field(event.id.rawValue)
        bytes.field(event.metadata.correlationID.rawValue)
        if let causation = event.metadata.causationID { bytes.field(causation.rawValue) } else { bytes.nullField() }
        bytes.field(imported.stream.rawValue)
        bytes.field(event.type.rawValue)
        if event.tags.isEmpty { bytes.nullField() } else { bytes.field(event.tags.storedText) }
        bytes.field(event.metadata.storedBytes)
        bytes.field(event.payload)
    }
}

/// Fields as `COPY` takes them: each behind its length.
extension [UInt8] {
    fileprivate mutating func field<Value: FixedWidthInteger & BitwiseCopyable>(_ value: Value) {
        append(addingCapacity: 4 + MemoryLayout<Value>.size) { span in
            span.append(bigEndian: Int32(MemoryLayout<Value>.size))
            span.append(bigEndian: value)
        }
    }

    fileprivate mutating func nullField() { append(bigEndian: Int32(-1)) }

    fileprivate mutating func field(_ value: UUID) { Swift.withUnsafeBytes(of: value.uuid) { field(copying: $0) } }

    fileprivate mutating func field(_ value: String) {
        var value = value
        value.withUTF8 { field(copying: UnsafeRawBufferPointer($0)) }
    }

    fileprivate mutating func field(_ value: [UInt8]) { value.withUnsafeBytes { field(copying: $0) } }

    private mutating func field(copying source: UnsafeRawBufferPointer) {
        append(addingCapacity: 4 + source.count) { span in
            span.append(bigEndian: Int32(source.count))
            span.append(copying: source)
        }
    }
}
