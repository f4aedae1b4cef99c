internal import EventSourcing
internal import FoundationEssentials
internal import PostgresClient

/// Rows of events in PostgreSQL's binary COPY format (PostgreSQL manual, COPY, "Binary Format"), one after the other as
/// they came, without what precedes and follows them.
struct CopiedRows: Sendable {
    private static let columnCount = 13

    private(set) var bytes: [UInt8] = []
    private(set) var count = 0

    init(byteCapacity: Int) { bytes.reserveCapacity(byteCapacity) }

    mutating func append(_ row: UnsafeRawBufferPointer) {
        bytes.append(contentsOf: row)
        count += 1
    }

    func events(in log: LogName) throws -> [RecordedEvent] {
        var events: [RecordedEvent] = []
        events.reserveCapacity(count)
        try bytes.withUnsafeBytes { raw in
            var reader = FieldReader(raw)
            var names = RepeatedNames()
            while !reader.isAtEnd {
                guard try reader.int16() == Self.columnCount else { throw PostgresError.malformedCopy }
                events.append(try event(in: log, &reader, &names))
            }
        }
        return events
    }

    /// The columns in the order of ``EventRows/columns``.
    @inline(__always)
    private func event(
        in log: LogName, _ reader: inout FieldReader, _ names: inout RepeatedNames
    ) throws -> RecordedEvent {
        let position = Position(rawValue: try reader.int64Field())
        let stream = names.stream(try reader.field())
        let revision = Revision(rawValue: try reader.int64Field())
        let id = EventID(rawValue: try reader.uuidField())
        let type = names.type(try reader.field())
        let schemaVersion = Int(try reader.int16Field())
        let contentType = ContentType(rawValue: try reader.int16Field()) ?? .binary
        let recordedAt = Timestamp(
            microsecondsSince1970: try PostgresResult.microsecondsSince1970(try reader.int64Field()))
        let correlation = CorrelationID(rawValue: try reader.uuidField())
        let causation = try reader.optionalUUIDField().map { CausationID(rawValue: $0) }
        let tags = try reader.optionalTextField()
        let metadata = try reader.range()
        let payload = try reader.range()
        return RecordedEvent(
            log: log, position: position, stream: stream, revision: revision, id: id, type: type,
            schemaVersion: schemaVersion,
            contentType: contentType, recordedAt: recordedAt, correlationID: correlation, causationID: causation,
            payload: bytes[payload], storedMetadata: bytes[metadata], storedTags: tags)
    }
}

/// Goes through the fields of rows: each is its length in four bytes, and so many bytes.
private struct FieldReader {
    private let bytes: UnsafeRawBufferPointer
    private var offset = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var isAtEnd: Bool { offset == bytes.count }

    @inline(__always)
    mutating func int16() throws -> Int16 { try integer() }

    @inline(__always)
    mutating func int16Field() throws -> Int16 { try fixedField() }

    @inline(__always)
    mutating func int64Field() throws -> Int64 { try fixedField() }

    @inline(__always)
    mutating func uuidField() throws -> UUID {
        guard let uuid = try optionalUUIDField() else { throw PostgresError.malformedCopy }
        return uuid
    }

    @inline(__always)
    mutating func optionalUUIDField() throws -> UUID? {
        let length = try integer(as: Int32.self)
        guard length != -1 else { return nil }
        guard length == 16, bytes.count - offset >= 16 else { throw PostgresError.malformedCopy }
        defer { offset += 16 }
        return UUID(UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + 16]))
    }

    /// The text of a field, empty for a null.
    @inline(__always)
    mutating func optionalTextField() throws -> String {
        let length = Int(try integer(as: Int32.self))
        guard length > 0 else {
            guard length >= -1 else { throw PostgresError.malformedCopy }
            return ""
        }
        guard bytes.count - offset >= length else { throw PostgresError.malformedCopy }
        defer { offset += length }
        return String(decoding: bytes[offset..<offset + length], as: UTF8.self)
    }

    /// Where the bytes of a field are.
    @inline(__always)
    mutating func range() throws -> Range<Int> {
        let length = Int(try integer(as: Int32.self))
        guard length >= 0, bytes.count - offset >= length else { throw PostgresError.malformedCopy }
        defer { offset += length }
        return offset..<offset + length
    }

    @inline(__always)
    mutating func field() throws -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[try range()])
    }

    @inline(__always)
    private mutating func fixedField<Integer: FixedWidthInteger>() throws -> Integer {
        guard try integer(as: Int32.self) == MemoryLayout<Integer>.size else { throw PostgresError.malformedCopy }
        return try integer()
    }

    @inline(__always)
    private mutating func integer<Integer: FixedWidthInteger>(as _: Integer.Type = Integer.self) throws -> Integer {
        guard bytes.count - offset >= MemoryLayout<Integer>.size else { throw PostgresError.malformedCopy }
        defer { offset += MemoryLayout<Integer>.size }
        return Integer(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Integer.self))
    }
}

extension PostgresError {
    static var malformedCopy: PostgresError {
        PostgresError(.protocolViolation, detail: "the rows of a COPY are not as expected")
    }
}
