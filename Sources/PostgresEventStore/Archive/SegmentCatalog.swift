internal import EventArchive
internal import NIOConcurrencyHelpers
internal import PostgresClient

/// What a process knows of the sealed ranges of a log. It may be behind: then fewer events are read from segments than
/// could be, and PostgreSQL says so when it is asked for some that have left it.
final class SegmentCatalog: Sendable {
    struct Known: Sendable {
        /// Ascending, without gaps, from the first position on.
        var segments: [SealedSegment] = []
        /// From here on every event is in the database.
        var keptFrom: Int64 = 1
        var loadedAt: ContinuousClock.Instant?

        /// The last position that is in a segment.
        var sealedThrough: Int64 { segments.last?.positions.upperBound ?? 0 }

        /// The same, as if nothing were sealed but what has left the database.
        var onlyWhatHasLeft: Known {
            var known = self
            known.segments.removeAll { $0.positions.lowerBound >= keptFrom }
            return known
        }
    }

    /// How long a reader of history does with what is known before it looks for new segments.
    private static let patience = Duration.seconds(5)

    /// A reader that is so far behind the head may find new segments.
    private static let farBehind = Int64(SegmentFormat.eventsMax)

    private let table: SegmentTable
    private let pool: PostgresPool
    private let state = NIOLockedValueBox(Known())

    init(log: LogID, pool: PostgresPool) {
        table = SegmentTable(log: log)
        self.pool = pool
    }

    /// What is known, loaded at the first call.
    func known() async throws -> Known {
        let known = state.withLockedValue { $0 }
        return known.loadedAt == nil ? try await refresh() : known
    }

    /// What is known, for a reader at `position` of a log that has come to `head`.
    func known(at position: Int64, head: Int64) async throws -> Known {
        let known = try await known()
        guard position >= known.sealedThrough, head - Self.farBehind >= position, let loadedAt = known.loadedAt,
            loadedAt.duration(to: .now) > Self.patience
        else { return known }
        return try await refresh()
    }

    /// Loads what is new.
    @discardableResult
    func refresh() async throws -> Known {
        let count = state.withLockedValue { Int64($0.segments.count) }
        let (keptFrom, new) = try await pool.run { [table] session in
            (try table.keptFrom(session), try table.rows(from: count, session).map(\.segment))
        }
        return state.withLockedValue { known in
            known.segments += new.drop { $0.number < Int64(known.segments.count) }
            known.keptFrom = keptFrom
            known.loadedAt = .now
            return known
        }
    }
}
