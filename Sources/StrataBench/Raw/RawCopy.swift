internal import EventSourcing
internal import Foundation
internal import PostgresClient
internal import PostgresEventStore

/// `COPY … FROM STDIN` in the binary format into a second equal table, by the same client library: the fastest way into
/// PostgreSQL. Nothing is locked, looked up, numbered densely or announced.
struct RawCopy: Sendable {
    let database: BenchDatabase

    private static let statement = """
        COPY raw.copied (
            log, position, recorded_at, schema_version, content_type, revision, event_id, correlation_id, causation_id,
            stream, type, metadata, payload
        ) FROM STDIN (FORMAT binary)
        """

    private static let columnCount: Int16 = 13
    /// The signature, no flags, and no extension of the header (PostgreSQL manual, COPY, "Binary Format").
    private static let header: [UInt8] =
        Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00] + Array(repeating: 0, count: 8)
    /// A row of -1 columns.
    private static let trailer: [UInt8] = [0xFF, 0xFF]
    private static let chunkBytes = 256 << 10
    private static let metadata = Array("{\"actor\":\"bench\"}".utf8)

    /// `total` rows in streams of ten, `size` and a commit at a time, by one connection. Rows are made while those
    /// before them are written, as an import does it.
    ///
    /// - Returns: How many were written a second.
    func copy(_ size: Int, total: Int) async throws -> Double {
        let first = try await lastPosition()
        let connection = try await PostgresConnection.connect(database.plainConnection)
        let took = try await ContinuousClock().measure {
            var ready = Self.rows(min(size, total), after: first)
            for start in stride(from: 0, to: total, by: size) {
                let rows = ready
                let end = start + size
                async let next = Self.rows(min(size, max(0, total - end)), after: first + Int64(end))
                try await connection.run { session in try Self.send(rows, session) }
                ready = await next
            }
        }
        await connection.close()
        return Double(total) / took.seconds
    }

    private func lastPosition() async throws -> Int64 {
        try await database.run { session in
            try session.execute("SELECT coalesce(max(position), 0) FROM raw.copied").int64(0, 0)
        }
    }

    private static func send(_ rows: [UInt8], _ session: PostgresSession) throws {
        try session.copyIn(statement) { send in
            for start in stride(from: 0, to: rows.count, by: chunkBytes) {
                try rows[start..<min(start + chunkBytes, rows.count)].withUnsafeBytes(send)
            }
        }
    }

    /// The same rows as Strata's, but for their order in streams.
    private static func rows(_ count: Int, after position: Int64) -> [UInt8] {
        let now = Int64(Date().timeIntervalSince1970 * 1_000_000) - PostgresResult.microsecondsFrom1970To2000
        var bytes = header
        bytes.reserveCapacity(count * 512 + 64)
        for (index, imported) in StrataWriter.imported(count, perStream: 10).enumerated() {
            let id = imported.event.id.rawValue.uuid
            bytes.append(bigEndian: columnCount)
            bytes.field(Int32(1))
            bytes.field(position + Int64(index) + 1)
            bytes.field(now)
            bytes.field(Int16(1))
            bytes.field(Int16(0))
            bytes.field(Int64(index))
            for _ in 0..<3 { withUnsafeBytes(of: id) { bytes.field(copying: $0) } }
            bytes.field(copying: imported.stream.rawValue.utf8)
            bytes.field(copying: "Measured".utf8)
            bytes.field(copying: metadata)
            bytes.field(copying: imported.event.payload)
        }
        return bytes + trailer
    }
}

/// Fields as `COPY` takes them: each behind its length.
extension [UInt8] {
    fileprivate mutating func field<Value: FixedWidthInteger & BitwiseCopyable>(_ value: Value) {
        append(bigEndian: Int32(MemoryLayout<Value>.size))
        append(bigEndian: value)
    }

    fileprivate mutating func field(copying source: some Collection<UInt8>) {
        append(bigEndian: Int32(source.count))
        append(contentsOf: source)
    }
}
