internal import FoundationEssentials
internal import PostgresClient

extension PostgresResult {
    /// The value of a `uuid` column; zeros where there is none.
    func uuid(_ row: Int, _ column: Int) -> UUID {
        withBytes(row, column) { $0.count == MemoryLayout<uuid_t>.size ? UUID($0) : .zero }
    }
}

extension UUID {
    /// Copies sixteen bytes into a finished value: `UUID(uuid:)` takes them one by one, which shows at hundreds of
    /// thousands of events a second.
    @inline(__always)
    init(_ bytes: UnsafeRawBufferPointer) {
        self = .zero
        withUnsafeMutableBytes(of: &self) { $0.copyMemory(from: bytes) }
    }

    fileprivate static let zero = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
}
