internal import EventArchive
internal import EventSourcing
internal import PostgresClient

/// Writes full ranges of a log into segments. Reads page by page, each in a statement of its own, and takes no lock
/// that an append waits for.
///
/// Runs on a connection's thread, where it may block.
struct SegmentSealer {
    let log: LogID
    let folder: SegmentFolder
    /// Positions in a segment; a log is sealed with the same number from its beginning.
    let segmentEvents: Int64

    /// Events that are read at once.
    private static let pageEvents = 2_048

    /// The range that is sealed next, and the head.
    func next(_ session: PostgresSession) throws -> (number: Int64, positions: ClosedRange<Int64>, head: Int64) {
        let table = SegmentTable(log: log)
        let last = try session.execute(
            "SELECT number, last_position FROM strata.segments WHERE log = $1 ORDER BY number DESC LIMIT 1",
            [.int32(log.rawValue)])
        let number = last.rowCount == 0 ? 0 : try last.int64(0, 0) + 1
        let first = last.rowCount == 0 ? 1 : try last.int64(0, 1) + 1
        return (number, first...first + segmentEvents - 1, try table.head(session))
    }

    /// Seals the next range.
    ///
    /// - Returns: `nil` when it is not full yet.
    func sealNext(_ session: PostgresSession) throws -> SealedSegment? {
        let (number, positions, head) = try next(session)
        guard positions.upperBound <= head else { return nil }
        folder.removeStale()
        let file = try folder.begin(number)
        let outcome = try write(positions, to: file, session)
        try file.synchronise()
        try file.readBack().verify()
        let segment = SealedSegment(number: number, positions: positions, digest: outcome.digest)
        do {
            // The row keeps others out until the file has its name; a crash in between leaves a file that the next
            // sealing finds to be the same.
            try session.transaction { session in
                try SegmentTable(log: log).insert(segment, byteCount: outcome.byteCount, session)
                try file.commit()
            }
        } catch let error as PostgresError where error.sqlState == .uniqueViolation {
            return try SegmentTable(log: log).rows(from: number, session).first?.segment
        }
        return segment
    }

    /// Writes the file of a sealed range anew, from the events that are still in the database.
    ///
    /// - Throws: When they give another segment than the one that was sealed.
    func sealAgain(_ segment: SealedSegment, _ session: PostgresSession) throws {
        folder.removeStale()
        let file = try folder.begin(segment.number)
        let outcome = try write(segment.positions, to: file, session)
        guard outcome.digest == segment.digest else {
            throw EventStoreError(
                .damagedArchive,
                """
                Segment \(segment.number) was sealed with the digest \(segment.digest), and the events of the database \
                give \(outcome.digest). Nothing was changed. Bring a copy of the file, or compare the libraries of LZ4.
                """)
        }
        try file.synchronise()
        try file.replace()
    }

    private func write(
        _ positions: ClosedRange<Int64>, to file: PartialSegment, _ session: PostgresSession
    ) throws -> SegmentWriter.Outcome {
        let first = Position(rawValue: positions.lowerBound)
        var writer = SegmentWriter(log: SegmentLog(log), firstPosition: first)
        try LogPages(log: log, positions: positions, pageEvents: Self.pageEvents).forEach(session) { event in
            try file.write(writer.append(event))
        }
        let (rest, outcome) = writer.finish()
        try file.write(rest)
        return outcome
    }
}

extension SegmentLog {
    init(_ log: LogID) { self.init(id: log.rawValue, name: log.name) }
}
