internal import EventSourcing
internal import FoundationEssentials
internal import PostgresClient

/// Rows of `strata.events` in PostgreSQL's binary COPY format (PostgreSQL manual, COPY, "Binary Format"), gathered into
/// chunks that are worth sending.
struct ImportRows {
    static let statement = """
        COPY strata.events (
            log, schema_version, content_type, position, revision, recorded_at, event_id, correlation_id, causation_id,
            stream, type, tags, metadata, payload
        ) FROM STDIN (FORMAT binary)
        """

    private static let columnCount: Int16 = 14
    private static let chunkBytes = 256 << 10

    private let log: LogID
    private let now: Timestamp
    private var bytes: [UInt8]

    /// - Parameter now: The time of events that have none.
    init(log: LogID, now: Timestamp) {
        self.log = log
        self.now = now
        bytes = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00]
        bytes.reserveCapacity(Self.chunkBytes + (64 << 10))
        append(Int32(0))  // No flags,
        append(Int32(0))  // and no extension of the header.
    }

    var isFull: Bool { bytes.count >= Self.chunkBytes }

    mutating func append(_ imported: ImportedEvent, position: Int64, revision: Int64) {
        let event = imported.event
        append(Self.columnCount)
        field(log.rawValue)
        field(Int16(event.schemaVersion))
        field(event.contentType.rawValue)
        field(position)
        field(revision)
        field((imported.recordedAt ?? now).microsecondsSince1970 - PostgresResult.microsecondsFrom1970To2000)
        field(event.id.rawValue)
        field(event.metadata.correlationID.rawValue)
        if let causation = event.metadata.causationID { field(causation.rawValue) } else { append(Int32(-1)) }
        field(imported.stream.rawValue.utf8)
        field(event.type.rawValue.utf8)
        if event.tags.isEmpty { append(Int32(-1)) } else { field(event.tags.storedText.utf8) }
        field(event.metadata.storedBytes)
        field(event.payload)
    }

    mutating func end() { append(Int16(-1)) }

    mutating func send(_ send: (UnsafeRawBufferPointer) throws -> Void) throws {
        try bytes.withUnsafeBytes(send)
        bytes.removeAll(keepingCapacity: true)
    }

    private mutating func append(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    private mutating func field<Value: FixedWidthInteger>(_ value: Value) {
        append(Int32(MemoryLayout<Value>.size))
        append(value)
    }

    private mutating func field(_ value: UUID) {
        append(Int32(16))
        withUnsafeBytes(of: value.uuid) { bytes.append(contentsOf: $0) }
    }

    private mutating func field(_ value: some Collection<UInt8>) {
        append(Int32(value.count))
        bytes.append(contentsOf: value)
    }
}
