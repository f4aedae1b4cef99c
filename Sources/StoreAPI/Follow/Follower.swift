internal import EventSourcing
internal import HTTPSupport

/// One client that follows a log.
///
/// It reads a page, writes it piece by piece as the connection takes it, and waits for more. It holds one page and one
/// piece, however slow its client is.
struct Follower: Sendable {
    /// Bytes that are written at once.
    private static let pieceBytes = 64 << 10
    /// What is read at once.
    private static let pageSize = PageSize(events: 400, bytes: 1 << 20)
    /// How long it waits before it asks the log itself, in case a notification was lost.
    private static let pollInterval = Duration.seconds(1)

    let log: any EventStore
    let filter: EventFilter
    let format: FollowFormat
    let heartbeat: Duration
    private(set) var position: Position
    /// A page that is read and not written.
    private var pending: LogPage?

    init(
        _ log: any EventStore, after position: Position, filter: EventFilter, format: FollowFormat, heartbeat: Duration
    ) {
        self.log = log
        self.position = position
        self.filter = filter
        self.format = format
        self.heartbeat = heartbeat
    }

    /// Reads the first page, as long as its client can still be told that this fails.
    mutating func begin() async throws(EventStoreError) { pending = try await readPage() }

    private func readPage() async throws(EventStoreError) -> LogPage {
        try await log.readLog(after: position, .forwards, filter: filter, limit: Self.pageSize)
    }

    /// Follows for as long as it is wanted.
    ///
    /// - Throws: ``EventStoreError`` when the log cannot be read, and what writing fails with.
    mutating func run(_ stream: inout AnswerStream) async throws {
        var opening = format.opening
        while stream.isWanted {
            let page = if let pending = pending.take() { pending } else { try await readPage() }
            if page.through > position {
                try await write(page, opening, to: &stream)
                opening = []
            } else {
                if !opening.isEmpty { try await stream.write(opening) }
                opening = []
                _ = try await log.waitForEvents(after: position, timeout: min(Self.pollInterval, heartbeat))
            }
            if stream.lastWrite.duration(to: .now) >= heartbeat {
                try await stream.write(format.heartbeat(position, head: page.head))
            }
        }
    }

    private mutating func write(_ page: LogPage, _ before: [UInt8], to stream: inout AnswerStream) async throws {
        var bytes = before
        for event in page.events {
            format.append(event, to: &bytes)
            if bytes.count >= Self.pieceBytes {
                try await stream.write(bytes)
                bytes = []
            }
        }
        if !bytes.isEmpty { try await stream.write(bytes) }
        position = page.through
    }
}
