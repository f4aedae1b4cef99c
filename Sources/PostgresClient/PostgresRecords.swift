/// Fields of a composite value one after the other, in PostgreSQL's binary format (`record_recv`): for each the object id
/// of its type, its length and its bytes.
public struct PostgresFields: Sendable {
    /// The object ids of built-in types never change (PostgreSQL `pg_type.dat`).
    fileprivate enum FieldType: UInt32 {
        case bytea = 17, int8 = 20, int2 = 21, text = 25, uuid = 2950
    }

    private static let headerByteCount = 8
    fileprivate static let int8ByteCount = headerByteCount + 8

    public private(set) var count = 0
    fileprivate private(set) var bytes: [UInt8] = []

    public var byteCount: Int { bytes.count }

    /// - Parameters:
    ///   - count: How many fields there will be.
    ///   - byteCount: How many bytes they have; room is made at once.
    public init(reserving count: Int, byteCount: Int) {
        bytes.reserveCapacity(count * Self.headerByteCount + byteCount)
    }

    public mutating func append(_ value: Int16) {
        begin(.int2, byteCount: 2)
        bytes.append(bigEndian: value)
    }

    public mutating func append(_ value: Int64) {
        bytes.append(int8Field: value)
        count += 1
    }

    public mutating func append(_ text: String?) {
        guard let text else { return appendNull(.text) }
        begin(.text, byteCount: text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }

    public mutating func append(_ value: [UInt8]) {
        begin(.bytea, byteCount: value.count)
        bytes.append(contentsOf: value)
    }

    public mutating func append(_ uuid: PostgresValue.UUIDBytes?) {
        guard let uuid else { return appendNull(.uuid) }
        begin(.uuid, byteCount: 16)
        withUnsafeBytes(of: uuid) { bytes.append(contentsOf: $0) }
    }

    private mutating func appendNull(_ type: FieldType) {
        bytes.append(bigEndian: type.rawValue)
        bytes.append(bigEndian: Int32(-1))
        count += 1
    }

    private mutating func begin(_ type: FieldType, byteCount: Int) {
        bytes.append(bigEndian: type.rawValue)
        bytes.append(bigEndian: Int32(byteCount))
        count += 1
    }
}

/// An array of a composite type: one parameter that carries many columns, and one `unnest` that takes it apart. An array
/// for each column would cost the server a function call, and a pass, for each.
public struct PostgresRecords: Sendable {
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

    /// Adds a record: its fields, of which the last one, an `int8`, may become known later than the others.
    public mutating func append(_ fields: PostgresFields, last: Int64) {
        bytes.append(bigEndian: Int32(4 + fields.bytes.count + PostgresFields.int8ByteCount))
        bytes.append(bigEndian: Int32(fields.count + 1))
        bytes.append(contentsOf: fields.bytes)
        bytes.append(int8Field: last)
        count += 1
        bytes.withUnsafeMutableBytes {
            $0.storeBytes(of: Int32(count).bigEndian, toByteOffset: Self.countOffset, as: Int32.self)
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(bigEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }

    fileprivate mutating func append(int8Field value: Int64) {
        append(bigEndian: PostgresFields.FieldType.int8.rawValue)
        append(bigEndian: Int32(8))
        append(bigEndian: value)
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
