internal import EventArchive
internal import EventSourcing
internal import PostgresClient

/// Takes the events of sealed ranges out of the database, oldest first, and leaves the last one of each stream.
///
/// Runs on a connection's thread, where it may block.
struct SegmentDropper {
    let log: LogID
    let reader: ArchiveReader

    /// Positions that are taken out at once: short transactions, so that nobody waits for one.
    private static let batchPositions: Int64 = 512

    /// Appends come first.
    private static let pace = Pace(share: 0.1)

    /// Checks a segment against its digest and, unless this was begun before, against the events of the database; says
    /// that the range is read from the segment from now on; and deletes its events. By then the file is on the disk.
    ///
    /// Can be repeated when it was interrupted.
    func drop(_ segment: SealedSegment, _ session: PostgresSession, _ progress: (_ positions: Int) -> Void) throws {
        try ArchiveLock(log: log).hold(session) {
            let keptFrom = try SegmentTable(log: log).keptFrom(session)
            guard segment.positions.lowerBound <= keptFrom else {
                throw EventStoreError(
                    .outOfOrder,
                    "Segment \(segment.number) cannot be dropped: events before it are still in the database. Drop them first."
                )
            }
            let file = try reader.open(segment)
            try file.verifyDigests()
            try bringToDisk(file)
            if keptFrom <= segment.positions.upperBound {
                try compare(segment, with: file, session)
                try session.execute(
                    "SELECT strata.begin_drop($1, $2, $3)",
                    [.int32(log.rawValue), .int64(segment.number), .bytes(segment.digest.bytes[...])])
            }
            try deleteEvents(at: segment.positions, session, progress)
        }
    }

    /// What was verified may be in the machine's memory alone, as a copy is that was made a moment ago: after a power
    /// cut its events would be nowhere.
    private func bringToDisk(_ file: SegmentFile) throws(EventStoreError) {
        do throws(ArchiveError) {
            try file.synchronise()
            try reader.folder.synchronise()
        } catch {
            throw EventStoreError(
                .damagedArchive,
                "\(error) No event was deleted. Look at the disk, and put a whole copy of the segment in its place.",
                cause: error)
        }
    }

    /// Every part of the file against its digest, and every event against the database.
    private func compare(_ segment: SealedSegment, with file: SegmentFile, _ session: PostgresSession) throws {
        var block = try file.readBlock(0)
        var number = 0
        let pages = LogPages(log: log, positions: segment.positions, pageEvents: Int(Self.batchPositions))
        try pages.forEach(session, pace: Self.pace) { event in
            if event.position > block.last {
                number += 1
                block = try file.readBlock(number)
            }
            let sealed = block.event(Int(event.position.rawValue - block.first.rawValue))
            guard sealed.isSame(as: event) else {
                throw EventStoreError(
                    .damagedArchive,
                    """
                    \(file.path) differs from the database at position \(event.position). Nothing was dropped. Find out \
                    which of them was altered.
                    """)
            }
        }
    }

    /// What is lost of this in a crash is done again, so no commit waits for the disk.
    private func deleteEvents(
        at positions: ClosedRange<Int64>, _ session: PostgresSession, _ progress: (_ positions: Int) -> Void
    ) throws {
        try session.executeScript("SET synchronous_commit = off")
        var after = positions.lowerBound - 1
        while after < positions.upperBound {
            try session.checkCancellation()
            let through = min(after + Self.batchPositions, positions.upperBound)
            try Self.pace.run {
                try session.pipeline { pipeline in
                    let range: [PostgresValue] = [.int32(log.rawValue), .int64(after), .int64(through)]
                    try pipeline.send(Self.deleteOutlived, range + [.int64(positions.lowerBound)])
                    try pipeline.send(Self.deleteBatch, range)
                }
            }
            progress(Int(through - positions.lowerBound + 1))
            after = through
        }
    }

    /// Events of earlier ranges that were left as the last of their streams, and have a successor in this batch.
    private static let deleteOutlived = """
        DELETE FROM strata.events AS event USING strata.events AS next
        WHERE next.log = $1 AND next.position > $2 AND next.position <= $3
            AND event.log = next.log AND event.stream = next.stream AND event.revision = next.revision - 1
            AND event.position < $4
        """

    private static let deleteBatch = """
        DELETE FROM strata.events AS event
        WHERE log = $1 AND position > $2 AND position <= $3 AND revision < (
            SELECT later.revision FROM strata.events AS later
            WHERE later.log = event.log AND later.stream = event.stream ORDER BY later.revision DESC LIMIT 1
        )
        """
}
