internal import CLibPQ

/// Values of a composite type one after the other, in PostgreSQL's binary format (`record_recv`), of which the last
/// field of each, an `int8`, may become known later than the others.
public struct PostgresRecords: Sendable {
    /// The object ids of built-in types never change (PostgreSQL `pg_type.dat`).
    private enum FieldType: UInt32 {
        case bytea = 17, int8 = 20, int2 = 21, text = 25, uuid = 2950
    }

    /// What stands before a field: the object id of its type, and its length.
    private static let fieldHeaderByteCount = 8

    public private(set) var count = 0
    package private(set) var bytes: [UInt8] = []
    /// Where the record that is being put together begins, and how many fields it has.
    private var start = 0
    private var fieldCount: Int32 = 0

    public var byteCount: Int { bytes.count }

    /// - Parameters:
    ///   - fields: How many fields all records have together; room is made at once.
    ///   - byteCount: How many bytes these have.
    public init(reserving fields: Int, byteCount: Int) {
        bytes.reserveCapacity(fields * Self.fieldHeaderByteCount + byteCount)
    }

    /// Takes records that another process has put together.
    ///
    /// - Returns: `nil` when these are not so many records.
    package init?(encoded bytes: [UInt8], count: Int) {
        var end = 0
        for _ in 0..<count {
            guard end + 4 <= bytes.count else { return nil }
            let length = Int(bytes.integer(at: end, as: Int32.self))
            guard length >= 4 + Self.fieldHeaderByteCount + 8, length <= bytes.count - end - 4 else { return nil }
            end += 4 + length
            let lastField = bytes.integer(at: end - 16, as: UInt64.self)
            guard lastField == Self.header(of: .int8, byteCount: 8) else { return nil }
        }
        guard end == bytes.count else { return nil }
        self.bytes = bytes
        self.count = count
    }

    /// Begins a record, all but the last field of which are appended next.
    public mutating func begin() {
        start = bytes.count
        fieldCount = 0
        bytes.append(bigEndian: Int64(0))
    }

    /// Makes room for the last field, and ends the record: its length, and how many fields it has, stand before them.
    public mutating func end() {
        appendField(.int8, byteCount: 8) { $0.append(bigEndian: Int64(0)) }
        bytes.store(Int32(bytes.count - start - 4), at: start)
        bytes.store(fieldCount, at: start + 4)
        count += 1
    }

    public mutating func append(_ value: Int16) {
        appendField(.int2, byteCount: 2) { $0.append(bigEndian: value) }
    }

    public mutating func append(_ text: String?) {
        guard var text else { return appendNull(.text) }
        text.withUTF8 { text in
            appendField(.text, byteCount: text.count) { $0.append(copying: UnsafeRawBufferPointer(text)) }
        }
    }

    public mutating func append(_ value: [UInt8]) {
        value.withUnsafeBytes { value in appendField(.bytea, byteCount: value.count) { $0.append(copying: value) } }
    }

    /// Appends the bytes that `write` appends to those that it is given, without a look at these.
    public mutating func appendBytes(_ write: (inout [UInt8]) -> Void) {
        appendField(.bytea, byteCount: 0) { _ in }
        let end = bytes.count
        write(&bytes)
        bytes.store(Int32(bytes.count - end), at: end - 4)
    }

    public mutating func append(_ uuid: PostgresValue.UUIDBytes?) {
        guard let uuid else { return appendNull(.uuid) }
        withUnsafeBytes(of: uuid) { uuid in appendField(.uuid, byteCount: 16) { $0.append(copying: uuid) } }
    }

    private mutating func appendNull(_ type: FieldType) {
        bytes.append(bigEndian: Self.header(of: type, byteCount: -1))
        fieldCount += 1
    }

    /// A field and what stands before it in one go: each growth of an array looks first whether somebody else has it.
    @inline(__always)
    private mutating func appendField(
        _ type: FieldType, byteCount: Int, _ write: (inout OutputSpan<UInt8>) -> Void
    ) {
        bytes.append(addingCapacity: Self.fieldHeaderByteCount + byteCount) { span in
            span.append(bigEndian: Self.header(of: type, byteCount: byteCount))
            write(&span)
        }
        fieldCount += 1
    }

    private static func header(of type: FieldType, byteCount: Int) -> UInt64 {
        UInt64(type.rawValue) << 32 | UInt64(UInt32(truncatingIfNeeded: byteCount))
    }
}

/// An array of a composite type: one parameter that carries many columns, and one `unnest` that takes it apart. An
/// array for each column would cost the server a function call, and a pass, for each.
public struct PostgresRecordArray: Sendable {
    public private(set) var count = 0
    private(set) var bytes: [UInt8] = []

    private static let headerByteCount = 20
    private static let countOffset = 12

    /// - Parameters:
    ///   - type: The object id of the composite type, which each database gives anew; see
    ///     ``PostgresSession/objectID(ofType:)``.
    ///   - byteCount: Room for so many bytes is made at once.
    public init(of type: UInt32, byteCount: Int) {
        bytes.reserveCapacity(Self.headerByteCount + byteCount)
        // `array_recv`: dimensions, "may hold nulls", element type, length, lower bound.
        for word in [1, 0, type, 0, 1] { bytes.append(bigEndian: word) }
    }

    /// Adds records whose last fields are `first`, and one more from each to the next.
    public mutating func append(_ records: PostgresRecords, numberedFrom first: Int64) {
        var end = bytes.count
        bytes.append(contentsOf: records.bytes)
        for number in 0..<records.count {
            end += 4 + Int(bytes.integer(at: end, as: Int32.self))
            bytes.store(first + Int64(number), at: end - 8)
        }
        count += records.count
        bytes.store(Int32(count), at: Self.countOffset)
    }
}

extension PostgresSession {
    /// The object id of a type, such as `strata.new_event`.
    ///
    /// - Throws: ``PostgresError`` with the SQL state of an undefined object when there is no such type.
    public func objectID(ofType name: String) throws(PostgresError) -> UInt32 {
        UInt32(bitPattern: try execute("SELECT $1::text::regtype::oid", [.text(name)]).int32(0, 0))
    }
}
