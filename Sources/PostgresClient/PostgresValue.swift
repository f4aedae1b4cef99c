/// A parameter of a statement; it is sent in PostgreSQL's binary format.
public enum PostgresValue: Sendable {
    case null
    case bool(Bool)
    case int16(Int16)
    case int32(Int32)
    case int64(Int64)
    case text(String)
    case bytes(ArraySlice<UInt8>)
    /// The 16 bytes of a `uuid`.
    case uuid(UUIDBytes)
    /// A `timestamptz`, in microseconds since 1970.
    case timestamp(microsecondsSince1970: Int64)
    case int16Array([Int16])
    case int64Array([Int64])
    case textArray([String])
    case optionalTextArray([String?])
    case bytesArray([ArraySlice<UInt8>])
    case uuidArray([UUIDBytes])
    /// `timestamptz[]`, in microseconds since 1970.
    case timestampArray([Int64])
    /// An array of a composite type.
    case records(PostgresRecordArray)

    public typealias UUIDBytes = (
        UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8
    )

    static let microsecondsFrom1970To2000: Int64 = 946_684_800_000_000
}

/// Parameters of one statement, encoded one after the other.
struct EncodedParameters {
    private(set) var bytes: [UInt8] = []
    private(set) var offsets: [Int] = []
    /// Lengths as libpq wants them; -1 marks a null.
    private(set) var lengths: [CInt] = []

    init(_ values: [PostgresValue]) {
        // An empty value is not a null: it needs a pointer to something, which one spare byte gives it.
        defer { bytes.append(0) }
        for value in values {
            let start = bytes.count
            offsets.append(start)
            let isNull = if case .null = value { true } else { false }
            append(value)
            lengths.append(isNull ? -1 : CInt(bytes.count - start))
        }
    }

    /// Object ids of the element types that arrays name (PostgreSQL `pg_type.dat`).
    private enum ElementType: Int32 {
        case bytea = 17, int8 = 20, int2 = 21, text = 25, timestamptz = 1184, uuid = 2950
    }

    private mutating func append(_ value: PostgresValue) {
        switch value {
        case .null: break
        case .bool(let value): bytes.append(value ? 1 : 0)
        case .int16(let value): bytes.append(bigEndian: value)
        case .int32(let value): bytes.append(bigEndian: value)
        case .int64(let value): bytes.append(bigEndian: value)
        case .text(let value): append(utf8: value)
        case .bytes(let value): bytes.append(contentsOf: value)
        case .uuid(let value): append(uuid: value)
        case .timestamp(let micros): bytes.append(bigEndian: micros - PostgresValue.microsecondsFrom1970To2000)
        case .int16Array(let values): appendArray(values, .int2) { $0.bytes.append(bigEndian: $1) }
        case .int64Array(let values): appendArray(values, .int8) { $0.bytes.append(bigEndian: $1) }
        case .textArray(let values): appendArray(values, .text) { $0.append(utf8: $1) }
        case .optionalTextArray(let values): appendOptionalArray(values, .text) { $0.append(utf8: $1) }
        case .bytesArray(let values): appendArray(values, .bytea) { $0.bytes.append(contentsOf: $1) }
        case .uuidArray(let values): appendArray(values, .uuid) { $0.append(uuid: $1) }
        case .timestampArray(let values):
            appendArray(values, .timestamptz) {
                $0.bytes.append(bigEndian: $1 - PostgresValue.microsecondsFrom1970To2000)
            }
        case .records(let records): bytes.append(contentsOf: records.bytes)
        }
    }

    private mutating func append(utf8 text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func append(uuid: PostgresValue.UUIDBytes) {
        withUnsafeBytes(of: uuid) { bytes.append(contentsOf: $0) }
    }

    private mutating func appendArray<Element>(
        _ elements: [Element], _ type: ElementType, _ encode: (inout Self, Element) -> Void
    ) {
        appendOptionalArray(elements, type, encode)
    }

    /// One dimension, "may hold nulls", element type, length, lower bound 1, then each element behind its length.
    private mutating func appendOptionalArray<Element>(
        _ elements: [Element?], _ type: ElementType, _ encode: (inout Self, Element) -> Void
    ) {
        bytes.append(bigEndian: Int32(elements.isEmpty ? 0 : 1))
        bytes.append(bigEndian: Int32(1))
        bytes.append(bigEndian: type.rawValue)
        guard !elements.isEmpty else { return }
        bytes.append(bigEndian: Int32(elements.count))
        bytes.append(bigEndian: Int32(1))
        for element in elements {
            guard let element else {
                bytes.append(bigEndian: Int32(-1))
                continue
            }
            let lengthOffset = bytes.count
            bytes.append(bigEndian: Int32(0))
            encode(&self, element)
            bytes.store(UInt32(bytes.count - lengthOffset - 4), at: lengthOffset)
        }
    }

    /// Calls `body` with pointers to the values as libpq wants them.
    func withPointers<R>(
        _ body: (_ count: CInt, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<CInt>?, UnsafePointer<CInt>?) -> R
    ) -> R {
        let formats = [CInt](repeating: 1, count: offsets.count)
        return bytes.withUnsafeBytes { buffer in
            let pointers = zip(offsets, lengths).map { offset, length in
                length < 0 ? nil : buffer.baseAddress.map { ($0 + offset).assumingMemoryBound(to: CChar.self) }
            }
            return body(CInt(offsets.count), pointers, lengths, formats)
        }
    }
}
