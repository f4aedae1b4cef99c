internal import FoundationEssentials
internal import PostgresClient

extension PostgresResult {
    /// The value of a `uuid` column; zeros where there is none.
    ///
    /// Copies bytes into a finished value: `UUID(uuid:)` takes its sixteen bytes one by one, which shows at hundreds of
    /// thousands of events a second.
    func uuid(_ row: Int, _ column: Int) -> UUID {
        var uuid = UUID.zero
        withBytes(row, column) { bytes in
            guard bytes.count == MemoryLayout<uuid_t>.size else { return }
            withUnsafeMutableBytes(of: &uuid) { $0.copyMemory(from: bytes) }
        }
        return uuid
    }
}

extension UUID {
    fileprivate static let zero = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
}
