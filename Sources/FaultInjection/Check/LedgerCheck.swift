internal import EventSourcing

/// Compares what was sent, answered and read with what is in the log. A pure function: it is known to find what is
/// broken because it is tested with logs that are.
struct LedgerCheck {
    private let log: LoggedEvents
    private var places: [EventID: LoggedEvents.Event] = [:]
    private(set) var violations: [Violation] = []
    private(set) var checked = Checked()

    /// - Parameters:
    ///   - ledger: Every append that was sent, with the last answer; nothing is under way.
    ///   - readers: What followers have seen, who have been told of everything.
    static func run(_ log: LoggedEvents, ledger: [LedgerEntry], readers: [ReaderRecord]) -> LedgerCheck {
        var check = LedgerCheck(log)
        check.checkPositions()
        check.checkRevisions()
        check.checkOrigins(ledger)
        for entry in ledger { check.check(entry) }
        for reader in readers { check.check(reader) }
        return check
    }

    private init(_ log: LoggedEvents) { self.log = log }

    private mutating func checkPositions() {
        var last: Int64 = 0
        for event in log.events {
            if event.position != last + 1 {
                violations.append(.positionGap(expected: last + 1, found: event.position))
            }
            last = event.position
        }
        if log.head != last { violations.append(.wrongHead(head: log.head, last: last)) }
        checked.positions += log.events.count
    }

    private mutating func checkRevisions() {
        var next: [StreamName: Int64] = [:]
        for event in log.events {
            let expected = next[event.stream] ?? 0
            if event.revision != expected {
                violations.append(
                    .revisionGap(stream: event.stream.rawValue, expected: expected, found: event.revision))
            }
            next[event.stream] = event.revision + 1
        }
        checked.streams += next.count
    }

    /// Every event is there once, and somebody has sent it as it is.
    private mutating func checkOrigins(_ ledger: [LedgerEntry]) {
        var marks: [EventID: Bool] = [:]
        for part in ledger.flatMap({ $0.parts }) {
            for id in part.events { marks[id] = part.marked.contains(id) }
        }
        for event in log.events {
            if places[event.id] == nil {
                places[event.id] = event
            } else {
                violations.append(.doubled(event: event.id.description))
            }
            guard let isMarked = marks[event.id] else {
                violations.append(.unknown(event: event.id.description))
                continue
            }
            if !event.isAsSent(isMarked: isMarked) { violations.append(.altered(event: event.id.description)) }
        }
    }

    private mutating func check(_ entry: LedgerEntry) {
        let ids = entry.parts.flatMap(\.events)
        guard let receipt = entry.receipt else {
            let found = ids.count { places[$0] != nil }
            if found != 0, found != ids.count { violations.append(.torn(append: entry.number)) }
            if found != 0, entry.tries == 1, entry.isSaidUnwritten {
                violations.append(.writtenAllTheSame(append: entry.number))
            }
            checked.unacknowledged += 1
            return
        }
        for id in ids where places[id] == nil {
            violations.append(.lost(append: entry.number, event: id.description))
        }
        for part in entry.parts where !isTrue(receipt, of: part) {
            violations.append(.misplaced(append: entry.number, stream: part.stream.rawValue))
        }
        checked.acknowledged += 1
    }

    /// Whether the events of `part` stand one behind the other, the last of them where the receipt says.
    private func isTrue(_ receipt: AppendReceipt, of part: LedgerEntry.Part) -> Bool {
        guard let said = receipt.streams.first(where: { $0.stream == part.stream }) else { return false }
        return part.events.enumerated().allSatisfy { index, id in
            guard let event = places[id] else { return true }
            let before = Int64(part.events.count - 1 - index)
            return event.stream == part.stream && event.revision == said.revision.rawValue - before
                && event.position == said.position.rawValue - before
        }
    }

    private mutating func check(_ reader: ReaderRecord) {
        let expected = log.events.lazy.filter { reader.type == nil || $0.type == reader.type }
        var seen = reader.seen.makeIterator()
        for event in expected {
            guard seen.next() == ReaderRecord.Sighting(event) else {
                violations.append(.misread(reader: reader.name, position: event.position))
                return
            }
        }
        if let more = seen.next() { violations.append(.misread(reader: reader.name, position: more.position)) }
        checked.sightings += reader.seen.count
    }
}

/// How much was looked at, over all checks.
public struct Checked: Sendable, Hashable, Codable {
    public var checks = 0
    public var positions = 0
    public var streams = 0
    public var acknowledged = 0
    public var unacknowledged = 0
    /// Events that readers have seen.
    public var sightings = 0

    static func += (left: inout Checked, right: Checked) {
        left.checks += right.checks
        left.positions += right.positions
        left.streams += right.streams
        left.acknowledged += right.acknowledged
        left.unacknowledged += right.unacknowledged
        left.sightings += right.sightings
    }
}
