public import EventSourcing
internal import PostgresClient

/// Takes events that were recorded elsewhere over into the log, with `COPY`.
///
/// Events get dense positions and revisions in the order in which they come, under the log's lock, as appends do;
/// appends, readers and other imports may work at the same time. An event whose id its stream has already is passed
/// over, so that an import that was cut short is simply run again.
public final class EventImport: Sendable {
    /// How much is written in one transaction. Appends wait while one is written.
    public struct Limits: Sendable, Hashable {
        public var batchEventsMax: Int
        public var batchBytesMax: Int
        /// Each event must keep to them.
        public var append: AppendLimits

        public init(batchEventsMax: Int = 10_000, batchBytesMax: Int = 16 << 20, append: AppendLimits = .init()) {
            self.batchEventsMax = batchEventsMax
            self.batchBytesMax = batchBytesMax
            self.append = append
        }
    }

    /// What became of events.
    public struct Outcome: Sendable, Hashable {
        public var writtenCount = 0
        /// They were in the log already.
        public var repeatedCount = 0
        /// Lines of a file whose streams lie in other logs. They were passed over.
        public var elsewhereCount = 0
        /// The log's newest position.
        public var head = Position.start
    }

    public let limits: Limits
    private let connection: PostgresConnection
    private let log: LogID
    private let routing: LogRouting

    private init(_ connection: PostgresConnection, _ log: LogID, _ routing: LogRouting, _ limits: Limits) {
        self.connection = connection
        self.log = log
        self.routing = routing
        self.limits = limits
    }

    /// Lends an import to `body`.
    ///
    /// - Parameter routing: Says which streams lie in `log`, the only ones that it takes. Without one it takes all.
    /// - Throws: ``EventStoreError`` when the database cannot be reached or has another schema, and what `body` throws.
    public static func with<R: Sendable>(
        _ connectionString: String, log: LogID = .main, routing: LogRouting? = nil, limits: Limits = Limits(),
        _ body: (EventImport) async throws -> R
    ) async throws -> R {
        let connection: PostgresConnection
        do {
            connection = try await .connect(
                ConnectionConfiguration(
                    connectionString: connectionString, role: "strata_application", settings: plannerSettings))
            try await connection.run { session in try Migrator().verify(in: session) }
        } catch {
            throw EventStoreError(reading: error)
        }
        do {
            let routing = routing ?? LogRouting(default: log.name)
            let value = try await body(EventImport(connection, log, routing, limits))
            await connection.close()
            return value
        } catch {
            await connection.close()
            throw error
        }
    }

    /// Streams by their index, and ids by a hash table: ten thousand ids would else be compared with each event's.
    private static var plannerSettings: [String: String] {
        [
            "enable_seqscan": "off", "enable_bitmapscan": "off", "enable_nestloop": "off", "enable_mergejoin": "off",
            "jit": "off", "plan_cache_mode": "force_generic_plan",
        ]
    }

    /// Writes batch after batch, each in a transaction of its own, and asks for the next one while one is written.
    ///
    /// - Parameters:
    ///   - next: At most ``Limits/batchEventsMax`` events; `nil` ends the import. When it throws, the batches before
    ///     are written.
    ///   - progress: Is told what was done so far, after each batch.
    /// - Throws: ``EventStoreError``. With ``EventStoreError/Code/unavailable`` it is not known whether the last batch
    ///   was written: import the same events again. And what `next` throws.
    public func write(
        batches next: () throws -> [ImportedEvent]?, progress: (Outcome) -> Void = { _ in }
    ) async throws -> Outcome {
        try await withThrowingTaskGroup(of: Outcome.self) { group in
            var total = Outcome()
            func finishBatch() async throws {
                guard let outcome = try await group.next() else { return }
                total.add(outcome)
                progress(total)
            }
            while true {
                let batch: ImportBatch?
                do { batch = try next().map { ImportBatch(try checked($0), log: log) } } catch {
                    try await finishBatch()
                    throw error
                }
                try await finishBatch()
                guard let batch else { return total }
                group.addTask { try await self.write(batch) }
            }
        }
    }

    private func checked(_ events: [ImportedEvent]) throws(EventStoreError) -> [ImportedEvent] {
        guard events.count <= limits.batchEventsMax else {
            throw EventStoreError(
                .invalidAppend,
                "A batch of \(events.count) events is too large; at most \(limits.batchEventsMax) are taken. "
                    + "Nothing of it was written.")
        }
        for event in events { try check(event) }
        return events
    }

    /// Whether the stream lies in the log that takes the import.
    func isHere(_ stream: StreamName) -> Bool { routing.log(of: stream) == log.name }

    /// Holds an event to what an append would be held to.
    func check(_ event: ImportedEvent) throws(EventStoreError) {
        guard isHere(event.stream) else {
            throw EventStoreError(
                .invalidAppend,
                "The stream \(event.stream) lies in the log \(routing.log(of: event.stream)), and not in \(log.name).")
        }
        if let time = event.recordedAt, !Self.recordedMicroseconds.contains(time.microsecondsSince1970) {
            throw EventStoreError(
                .invalidAppend,
                "The event \(event.event.id) of \(event.stream) was recorded in a year that is not one of 0 to 9999.")
        }
        try limits.append.check([StreamAppend(stream: event.stream, expected: .any, events: [event.event])])
    }

    /// The years 0 to 9999, as lines write them, counted from 1970. PostgreSQL takes the least number there is for a
    /// time without a beginning, and no reader of the log would come past it.
    private static let recordedMicroseconds: ClosedRange<Int64> = -62_167_219_200_000_000...253_402_300_799_999_999

    private func write(_ batch: ImportBatch) async throws(EventStoreError) -> Outcome {
        do {
            let log = log
            return try await connection.run { session in
                try session.transaction { session in try ImportTransaction(log, session).write(batch) }
            }
        } catch let error as PostgresError where error.code == .server && !error.isTransient {
            throw EventStoreError(refused: error)
        } catch {
            throw EventStoreError(writing: error)
        }
    }
}

extension EventImport.Outcome {
    fileprivate mutating func add(_ batch: EventImport.Outcome) {
        writtenCount += batch.writtenCount
        repeatedCount += batch.repeatedCount
        head = batch.head
    }
}
