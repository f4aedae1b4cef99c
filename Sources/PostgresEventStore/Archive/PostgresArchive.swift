internal import EventArchive
public import EventSourcing
internal import PostgresClient

/// The cold part of a log: ranges that were sealed into segment files, and may have left the database.
///
/// Segments cover the log from its first position on, without gaps; those that have left the database are the oldest
/// ones. So one position tells what is where.
public struct PostgresArchive: Sendable {
    /// A sealed range.
    public struct Segment: Sendable, Hashable {
        public let number: Int64
        public let first: Position
        public let last: Position
        /// The length of its file.
        public let byteCount: Int
        /// What its file is known by, in hexadecimal digits.
        public let digest: String
        public let sealedAt: Timestamp
        /// Whether all of its events are in the database, too.
        public let isInDatabase: Bool
        public let path: String
    }

    /// How far a command has come.
    public struct Progress: Sendable, Hashable {
        public let segment: Int64
        /// Positions of the segment that are done.
        public let done: Int
        public let total: Int
    }

    /// Of which log.
    public let logName: LogName
    private let log: LogID
    private let connectionString: String
    private let reader: ArchiveReader
    private let segmentEvents: Int64

    /// - Parameters:
    ///   - folder: Where the segments are, in a folder for each log. It is made when the first one is sealed.
    ///   - log: Which of the database's logs.
    public init(connectionString: String, folder: String, log: LogID = .main) {
        self.init(connectionString: connectionString, folder: folder, log: log, segmentEvents: SegmentFormat.eventsMax)
    }

    /// - Parameter segmentEvents: Positions in a segment; tests do with few.
    package init(connectionString: String, folder: String, log: LogID = .main, segmentEvents: Int) {
        self.log = log
        logName = log.name
        self.connectionString = connectionString
        self.segmentEvents = Int64(segmentEvents)
        reader = ArchiveReader(archive: folder, log: SegmentLog(log))
    }

    /// The folder of this log's segments.
    public var folder: String { reader.folder.path }

    // MARK: Looking

    /// Whether the segment's file is in the folder; whether it is whole, ``verify(_:)`` tells.
    public func hasFile(of segment: Segment) -> Bool { reader.folder.hasSegment(segment.number) }

    /// All sealed ranges, ascending.
    public func segments() async throws -> [Segment] {
        let (rows, keptFrom) = try await run { session in
            let table = SegmentTable(log: log)
            return (try table.rows(session), try table.keptFrom(session))
        }
        return rows.map { segment($0, keptFrom: keptFrom) }
    }

    private func segment(_ row: SegmentTable.Row, keptFrom: Int64) -> Segment {
        let positions = row.segment.positions
        return Segment(
            number: row.segment.number, first: Position(rawValue: positions.lowerBound),
            last: Position(rawValue: positions.upperBound), byteCount: row.byteCount, digest: "\(row.segment.digest)",
            sealedAt: row.sealedAt, isInDatabase: positions.lowerBound >= keptFrom,
            path: reader.folder.path(ofSegment: row.segment.number))
    }

    /// Reads all of a segment's file, and compares it with what was sealed.
    ///
    /// - Throws: ``EventStoreError`` that names the file, and what is wrong with it.
    public func verify(_ segment: Segment) async throws {
        try await onSegment(segment.number) { sealed, _ in try reader.open(sealed).verify() }
    }

    // MARK: Changing

    /// Seals the next range, if it is full.
    ///
    /// - Returns: Its segment, or `nil`.
    @discardableResult
    public func sealNext() async throws -> Segment? {
        let sealer = sealer
        let sealed = try await run { session in try sealer.sealNext(session) }
        guard let sealed else { return nil }
        return try await segments().first { $0.number == sealed.number }
    }

    /// The position at which the next range is full.
    public func nextBoundary() async throws -> Position {
        let sealer = sealer
        return Position(rawValue: try await run { session in try sealer.next(session).positions.upperBound })
    }

    /// Writes a segment's file anew, from the events that are still in the database.
    public func sealAgain(_ segment: Segment) async throws {
        let sealer = sealer
        try await onSegment(segment.number) { sealed, session in try sealer.sealAgain(sealed, session) }
    }

    private var sealer: SegmentSealer { SegmentSealer(log: log, folder: reader.folder, segmentEvents: segmentEvents) }

    /// Takes a segment's events out of the database, but for the last one of each stream, after its file was checked
    /// against its digest and against the database. Appends and reads go on meanwhile.
    ///
    /// The events of all earlier segments must have left before. Can be repeated when it was interrupted.
    public func drop(_ segment: Segment, _ progress: @escaping @Sendable (Progress) -> Void = { _ in }) async throws {
        let dropper = SegmentDropper(log: log, reader: reader)
        try await onSegment(segment.number, as: Self.archiveRole) { sealed, session in
            try dropper.drop(sealed, session) { done in
                progress(Progress(segment: sealed.number, done: done, total: sealed.positions.count))
            }
        }
    }

    /// Puts a segment's events back into the database, as they were. It must be the newest of those that have left it.
    public func restore(_ segment: Segment, _ progress: @escaping @Sendable (Progress) -> Void = { _ in }) async throws
    {
        let restorer = SegmentRestorer(log: log, reader: reader)
        try await onSegment(segment.number, as: Self.archiveRole) { sealed, session in
            try restorer.restore(sealed, session) { done in
                progress(Progress(segment: sealed.number, done: done, total: sealed.positions.count))
            }
        }
    }

    // MARK: Connections

    /// May take sealed events out of the log and put them back; those who write the log may not.
    private static let archiveRole = "strata_archive"

    /// Joins go along the indexes, too.
    private static var settings: [String: String] {
        PostgresEventStore.plannerSettings.merging(["enable_hashjoin": "off", "enable_mergejoin": "off"]) { $1 }
    }

    private func onSegment(
        _ number: Int64, as role: String = "strata_application",
        _ body: @Sendable (SealedSegment, PostgresSession) throws -> Void
    ) async throws {
        try await run(as: role) { session in
            let row = try SegmentTable(log: log).rows(from: number, session).first { $0.segment.number == number }
            guard let row else {
                throw EventStoreError(.archived, "There is no segment \(number). Nothing was changed.")
            }
            try body(row.segment, session)
        }
    }

    /// Runs `body` on a connection of its own, whose thread may be blocked by work on files.
    private func run<R: Sendable>(
        as role: String = "strata_application", _ body: @Sendable (PostgresSession) throws -> R
    ) async throws -> R {
        do {
            return try await PostgresConnection.with(
                ConnectionConfiguration(
                    connectionString: connectionString, applicationName: "strata archive",
                    statementTimeout: .seconds(300), role: role, settings: Self.settings)
            ) { connection in
                try await connection.run(body)
            }
        } catch {
            throw EventStoreError(archiving: error)
        }
    }
}

extension EventStoreError {
    init(archiving error: any Error) {
        switch error {
        case let error as ArchiveError: self.init(error)
        case let error as PostgresError where error.sqlState == .notInOrder:
            self.init(
                .outOfOrder, "Somebody else has dropped or restored this range. Nothing was changed.", cause: error)
        case let error as PostgresError where error.sqlState == .insufficientPrivilege:
            self.init(
                .incompatibleSchema,
                """
                The user of the connection string may not take events out of the log. Nothing was changed. Connect as the \
                user who ran 'strata migrate', or grant the role strata_archive.
                """, cause: error)
        default: self.init(reading: error)
        }
    }
}
