internal import CLibPQ

/// The rows of a statement, in the binary format, read where libpq put them.
public struct PostgresResult: ~Copyable {
    let raw: OpaquePointer

    init(_ raw: OpaquePointer) { self.raw = raw }

    deinit { PQclear(raw) }

    public var rowCount: Int { Int(PQntuples(raw)) }

    /// How many rows an `INSERT`, `UPDATE` or `DELETE` changed.
    public var affectedRowCount: Int { Int(String(cString: PQcmdTuples(raw))) ?? 0 }

    public func isNull(_ row: Int, _ column: Int) -> Bool { PQgetisnull(raw, CInt(row), CInt(column)) == 1 }

    /// How many bytes a cell has.
    public func length(_ row: Int, _ column: Int) -> Int { Int(PQgetlength(raw, CInt(row), CInt(column))) }

    /// The bytes of a cell, which must not be kept beyond `body`.
    @inline(__always)
    public func withBytes<R, E: Error>(
        _ row: Int, _ column: Int, _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        try body(
            UnsafeRawBufferPointer(
                start: PQgetvalue(raw, CInt(row), CInt(column)), count: Int(PQgetlength(raw, CInt(row), CInt(column)))))
    }

    /// The number of a `bigint`.
    ///
    /// - Throws: ``PostgresError/Code/protocolViolation`` when the cell is NULL, or of another length.
    public func int64(_ row: Int, _ column: Int) throws(PostgresError) -> Int64 { try fixed(row, column) }

    /// The number of an `integer`.
    ///
    /// - Throws: ``PostgresError/Code/protocolViolation`` when the cell is NULL, or of another length.
    public func int32(_ row: Int, _ column: Int) throws(PostgresError) -> Int32 { try fixed(row, column) }

    /// The number of a `smallint`.
    ///
    /// - Throws: ``PostgresError/Code/protocolViolation`` when the cell is NULL, or of another length.
    public func int16(_ row: Int, _ column: Int) throws(PostgresError) -> Int16 { try fixed(row, column) }

    /// What a `boolean` says.
    ///
    /// - Throws: ``PostgresError/Code/protocolViolation`` when the cell is NULL, or of another length.
    public func bool(_ row: Int, _ column: Int) throws(PostgresError) -> Bool {
        try fixed(row, column, as: UInt8.self) != 0
    }

    /// The text of a cell; empty where it is NULL. See ``optionalText(_:_:)``.
    public func text(_ row: Int, _ column: Int) -> String {
        withBytes(row, column) { String(decoding: $0, as: UTF8.self) }
    }

    /// The text of a cell; `nil` where it is NULL.
    public func optionalText(_ row: Int, _ column: Int) -> String? { isNull(row, column) ? nil : text(row, column) }

    /// The 16 bytes of a `uuid`.
    ///
    /// - Throws: ``PostgresError/Code/protocolViolation`` when the cell is NULL, or of another length.
    public func uuidBytes(_ row: Int, _ column: Int) throws(PostgresError) -> PostgresValue.UUIDBytes {
        try withBytes(row, column) { (bytes) throws(PostgresError) in
            guard bytes.count == MemoryLayout<PostgresValue.UUIDBytes>.size else {
                throw PostgresError(
                    .protocolViolation, detail: "column \(column) has \(bytes.count) bytes, and is to be a uuid")
            }
            return bytes.loadUnaligned(as: PostgresValue.UUIDBytes.self)
        }
    }

    /// The bytes of a cell; none where it is NULL. See ``isNull(_:_:)``.
    public func bytes(_ row: Int, _ column: Int) -> [UInt8] { withBytes(row, column) { Array($0) } }

    /// Microseconds since 1970 of a `timestamptz`, which counts them from 2000.
    ///
    /// - Throws: ``PostgresError/Code/protocolViolation`` when the cell is NULL, of another length, or a time that
    ///   cannot be counted so: see ``microsecondsSince1970(_:)``.
    public func timestampMicroseconds(_ row: Int, _ column: Int) throws(PostgresError) -> Int64 {
        try Self.microsecondsSince1970(try int64(row, column))
    }

    /// A `timestamptz` counts from 2000.
    public static var microsecondsFrom1970To2000: Int64 { PostgresValue.microsecondsFrom1970To2000 }

    /// What a `timestamptz` is, which counts from 2000.
    ///
    /// - Throws: For `infinity`, and for what lies as far away.
    public static func microsecondsSince1970(_ microsecondsSince2000: Int64) throws(PostgresError) -> Int64 {
        let (sum, isOverflow) = microsecondsSince2000.addingReportingOverflow(PostgresValue.microsecondsFrom1970To2000)
        guard !isOverflow, microsecondsSince2000 != .min else {
            throw PostgresError(.protocolViolation, detail: "a time is infinite, or too far away")
        }
        return sum
    }

    private func fixed<Integer: FixedWidthInteger>(
        _ row: Int, _ column: Int, as _: Integer.Type = Integer.self
    ) throws(PostgresError) -> Integer {
        try withBytes(row, column) { (bytes) throws(PostgresError) in
            guard bytes.count == MemoryLayout<Integer>.size else {
                throw PostgresError(
                    .protocolViolation,
                    detail: "column \(column) has \(bytes.count) bytes, and \(MemoryLayout<Integer>.size) were expected"
                )
            }
            return Integer(bigEndian: bytes.loadUnaligned(as: Integer.self))
        }
    }
}
