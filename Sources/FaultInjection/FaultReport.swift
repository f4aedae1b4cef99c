/// What was done, counted and checked in a run, or in many.
public struct FaultReport: Sendable, Codable {
    public private(set) var seeds: [UInt64]
    /// How often each fault was injected.
    public private(set) var faults: [FaultKind: Int] = [:]
    /// What the faults hit, in the unit of ``FaultKind/hits``.
    public private(set) var hits: [FaultKind: Int] = [:]
    /// Faults that could not be injected on this machine.
    public internal(set) var leftOut: [FaultKind: Int] = [:]
    public private(set) var tally = Tally()
    public private(set) var checked = Checked()
    /// Appends that one process has written for another.
    public internal(set) var handedOver = 0
    /// How often the writing process was stopped or killed when it wrote for others.
    public internal(set) var leadersHit = 0
    public private(set) var readers = 0
    public private(set) var readerEvents = 0
    /// How often readers had to begin anew where they were.
    public private(set) var readerFailures = 0
    public private(set) var seconds = 0.0
    /// Every promise that was found broken, in words.
    public internal(set) var violations: [String] = []

    init(seed: UInt64) { seeds = [seed] }

    public var faultCount: Int { faults.values.reduce(0, +) }
    public var leftOutCount: Int { leftOut.values.reduce(0, +) }

    mutating func add(_ kind: FaultKind, hits count: Int) {
        faults[kind, default: 0] += 1
        hit(kind, count)
    }

    mutating func hit(_ kind: FaultKind, _ count: Int) { hits[kind, default: 0] += count }

    mutating func add(_ check: LedgerCheck) {
        checked += check.checked
        checked.checks += 1
        violations += check.violations.map(\.description)
    }

    mutating func take(_ ledger: Ledger, _ records: [ReaderRecord], duration: Duration) {
        tally += ledger.tally
        readers = records.count
        readerEvents += records.reduce(0) { $0 + $1.seen.count }
        readerFailures += records.reduce(0) { $0 + $1.failures }
        seconds += Double(duration.components.seconds)
    }

    public static func += (left: inout FaultReport, right: FaultReport) {
        left.seeds += right.seeds
        left.faults.merge(right.faults, uniquingKeysWith: +)
        left.hits.merge(right.hits, uniquingKeysWith: +)
        left.leftOut.merge(right.leftOut, uniquingKeysWith: +)
        left.tally += right.tally
        left.checked += right.checked
        left.handedOver += right.handedOver
        left.leadersHit += right.leadersHit
        left.readers = max(left.readers, right.readers)
        left.readerEvents += right.readerEvents
        left.readerFailures += right.readerFailures
        left.seconds += right.seconds
        left.violations += right.violations
    }
}
