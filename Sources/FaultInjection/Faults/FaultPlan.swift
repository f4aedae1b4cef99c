internal import EventSourcingTesting

/// Which faults come in which order, and how long the system works undisturbed before each: all of it from a seed.
///
/// The kinds come in rounds, shuffled anew for each, so that every kind is seen early and any may follow any other.
public struct FaultPlan: Sequence, IteratorProtocol, Sendable {
    /// A fault that is due.
    public struct Step: Sendable, Hashable {
        public let kind: FaultKind
        /// How long the system works before it.
        public let delay: Duration
        /// What decides everything else about this fault.
        public let seed: UInt64
    }

    private let kinds: [FaultKind]
    private var round: [FaultKind] = []
    private var random: Seeded

    public init(seed: UInt64, kinds: [FaultKind] = FaultKind.allCases) {
        precondition(!kinds.isEmpty, "a plan has at least one kind of fault")
        self.kinds = kinds
        random = Seeded(seed)
    }

    public mutating func next() -> Step? {
        if round.isEmpty { round = kinds.shuffled(using: &random) }
        return Step(
            kind: round.removeLast(), delay: .milliseconds(Int.random(in: 50...400, using: &random)),
            seed: random.next())
    }
}
