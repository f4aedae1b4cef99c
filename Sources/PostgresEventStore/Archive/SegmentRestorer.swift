internal import EventArchive
internal import EventSourcing
internal import FoundationEssentials
internal import PostgresClient

/// Puts the events of a segment back into the database, as they were.
///
/// Runs on a connection's thread, where it may block.
struct SegmentRestorer {
    let log: LogID
    let reader: ArchiveReader

    /// Copies the events that are not here, in one transaction that also says that the range is here again.
    func restore(_ segment: SealedSegment, _ session: PostgresSession, _ progress: (_ positions: Int) -> Void) throws {
        try ArchiveLock(log: log).hold(session) {
            guard segment.positions.upperBound + 1 == (try SegmentTable(log: log).keptFrom(session)) else {
                throw EventStoreError(
                    .outOfOrder,
                    "Segment \(segment.number) cannot be restored: it is not the newest that has left the database.")
            }
            let file = try reader.open(segment)
            try file.verify()
            try session.transaction { session in
                let here = try positions(within: segment.positions, session)
                try session.copyIn("COPY strata.events (\(CopyRows.columns)) FROM STDIN (FORMAT binary)") { send in
                    var rows = CopyRows()
                    for number in 0..<file.blockCount {
                        try session.checkCancellation()
                        let block = try file.readBlock(number)
                        for row in 0..<block.count where !here.contains(block.first.rawValue + Int64(row)) {
                            rows.append(block.event(row), log)
                        }
                        try rows.bytes.withUnsafeBytes(send)
                        rows.bytes.removeAll(keepingCapacity: true)
                        progress(Int(block.last.rawValue - segment.positions.lowerBound + 1))
                    }
                    rows.finish()
                    try rows.bytes.withUnsafeBytes(send)
                }
                try session.execute(
                    "SELECT strata.end_restore($1, $2)", [.int32(log.rawValue), .int64(segment.number)])
            }
        }
    }

    private func positions(within range: ClosedRange<Int64>, _ session: PostgresSession) throws -> Set<Int64> {
        let rows = try session.execute(
            "SELECT position FROM strata.events WHERE log = $1 AND position >= $2 AND position <= $3",
            [.int32(log.rawValue), .int64(range.lowerBound), .int64(range.upperBound)])
        return Set(try (0..<rows.rowCount).map { try rows.int64($0, 0) })
    }
}

/// Events as rows of a binary `COPY` (PostgreSQL manual, COPY, "Binary Format").
struct CopyRows {
    static let columns = """
        log, schema_version, content_type, position, revision, recorded_at, event_id, correlation_id, causation_id, \
        stream, type, tags, metadata, payload
        """

    /// Signature, flags, and the length of an extension of the header.
    var bytes: [UInt8] = Array("PGCOPY\n".utf8) + [0xff, 0x0d, 0x0a, 0x00] + [0, 0, 0, 0, 0, 0, 0, 0]

    mutating func append(_ event: RecordedEvent, _ log: LogID) {
        appendNumber(Int16(14))
        appendField(log.rawValue)
        appendField(Int16(event.schemaVersion))
        appendField(event.contentType.rawValue)
        appendField(event.position.rawValue)
        appendField(event.revision.rawValue)
        appendField(event.recordedAt.microsecondsSince1970 - PostgresResult.microsecondsFrom1970To2000)
        appendField(event.id.rawValue)
        appendField(event.correlationID.rawValue)
        if let id = event.causationID { appendField(id.rawValue) } else { appendNull() }
        appendField(event.stream.rawValue.utf8)
        appendField(event.type.rawValue.utf8)
        if event.storedTags.isEmpty { appendNull() } else { appendField(event.storedTags.utf8) }
        appendField(event.storedMetadata)
        appendField(event.payload)
    }

    /// What stands behind the last row.
    mutating func finish() { appendNumber(Int16(-1)) }

    private mutating func appendNumber(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }

    private mutating func appendNull() { appendNumber(Int32(-1)) }

    private mutating func appendField<Number: FixedWidthInteger>(_ number: Number) {
        appendNumber(Int32(MemoryLayout<Number>.size))
        appendNumber(number)
    }

    private mutating func appendField(_ uuid: UUID) {
        withUnsafeBytes(of: uuid.uuid) { appendField($0) }
    }

    private mutating func appendField(_ value: some Collection<UInt8>) {
        appendNumber(Int32(value.count))
        bytes.append(contentsOf: value)
    }
}
