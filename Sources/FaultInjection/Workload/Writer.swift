internal import EventSourcing
internal import EventSourcingTesting

/// Where a writer sends its appends.
protocol AppendPort: Sendable {
    func append(_ appends: [StreamAppend]) async throws(EventStoreError) -> AppendReceipt
}

/// Appends one after the other, and sends each again, with the same event ids, until it knows what became of it.
struct Writer {
    private let number: Int
    private let port: any AppendPort
    private let ledger: Ledger
    private let gate: Gate
    private let waitsForCheck: Bool
    private var random: Seeded
    /// A stream that nobody else writes to.
    private var own: StreamName
    private var ownRevision: Revision?
    private var unsure: (number: Int, appends: [StreamAppend])?

    /// Streams that all writers write to.
    private static let sharedCount = 4
    private static let ownEventsMax = 30
    private static let pace = 5...45

    /// - Parameter waitsForCheck: Whether it sends nothing again before the log was compared with what it knows.
    init(_ number: Int, seed: UInt64, port: any AppendPort, ledger: Ledger, gate: Gate, waitsForCheck: Bool) {
        self.number = number
        self.port = port
        self.ledger = ledger
        self.gate = gate
        self.waitsForCheck = waitsForCheck
        random = Seeded(seed &+ UInt64(number))
        own = Self.newStream()
    }

    /// Works until the task is cancelled.
    mutating func run() async {
        while !Task.isCancelled {
            await gate.pass(number, isUnsure: unsure != nil, waitsForCheck: waitsForCheck)
            guard !Task.isCancelled else { return }
            let (entry, appends) = unsure ?? begin()
            ledger.send(entry)
            do throws(EventStoreError) {
                accept(try await port.append(appends), entry)
            } catch {
                fail(error, entry, appends)
            }
            await pause(milliseconds(Self.pace, &random))
        }
    }

    private mutating func accept(_ receipt: AppendReceipt, _ entry: Int) {
        unsure = nil
        ledger.acknowledge(entry, receipt)
        guard let place = receipt.streams.first(where: { $0.stream == own }) else { return }
        ownRevision = place.revision
        guard place.revision.rawValue >= Self.ownEventsMax else { return }
        takeNewStream()
    }

    private mutating func fail(_ error: EventStoreError, _ entry: Int, _ appends: [StreamAppend]) {
        switch error.code {
        case .unavailable, .overloaded, .closed:
            unsure = (entry, appends)
            // Of an append that never left the queue the code says no more than of one whose outcome is open.
            ledger.lose(entry, isUnwritten: error.message.contains("Nothing was written"))
        default:
            unsure = nil
            ledger.refuse(entry, error)
            takeNewStream()
        }
    }

    private mutating func takeNewStream() {
        own = Self.newStream()
        ownRevision = nil
    }

    private mutating func begin() -> (number: Int, appends: [StreamAppend]) {
        let appends: [StreamAppend] =
            switch Int.random(in: 0..<20, using: &random) {
            case 0..<12: [toOwn()]
            case 12..<17: [toShared()]
            default: [toOwn(), toShared()]
            }
        return (ledger.begin(appends), appends)
    }

    private mutating func toOwn() -> StreamAppend {
        let count = Int.random(in: 1...3, using: &random)
        return StreamAppend(
            stream: own, expected: ExpectedRevision(after: ownRevision), events: (0..<count).map { _ in event() })
    }

    private mutating func toShared() -> StreamAppend {
        let number = Int.random(in: 0..<Self.sharedCount, using: &random)
        return StreamAppend(stream: StreamCategory("shared").stream("\(number)"), expected: .any, events: [event()])
    }

    private mutating func event() -> NewEvent {
        Soaked.event(.make(), isMarked: Int.random(in: 0..<8, using: &random) == 0)
    }

    private static func newStream() -> StreamName { StreamCategory("own").stream(EventID.make().description) }
}

/// The events of the load.
enum Soaked {
    static let plain: EventType = "Written"
    /// What filtered readers ask for.
    static let marked: EventType = "Marked"

    static func event(_ id: EventID, isMarked: Bool) -> NewEvent {
        NewEvent(
            id: id, type: isMarked ? marked : plain, payload: payload(of: id),
            metadata: EventMetadata(correlationID: correlationID(of: id), actor: "soak"))
    }

    static func payload(of id: EventID) -> [UInt8] { Array(#"{"event":"\#(id)"}"#.utf8) }
    static func correlationID(of id: EventID) -> CorrelationID { CorrelationID(rawValue: id.rawValue) }
}
