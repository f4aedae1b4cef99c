internal import EventSourcingTesting

/// Something that goes wrong, and comes right again while the load goes on.
protocol Fault: Sendable {
    /// Breaks something in `scene`, lets it be broken for a while, and mends it.
    ///
    /// - Returns: What was hit, in the unit of ``FaultKind/hits``.
    func inject(into scene: Scene, _ random: inout Seeded) async throws -> Int
}

/// All that a fault can lay its hands on.
struct Scene: Sendable {
    let cluster: Cluster
    let writer: WriterProcess
    let limits: RunLimits
    /// How many appends were acknowledged so far.
    let acknowledged: @Sendable () -> Int
}

/// How long the parts of a run wait, shorter than in production so that a run sees many faults, and where they meet.
public struct RunLimits: Sendable, Hashable, Codable {
    /// The server ends a statement that takes longer.
    public var statementMilliseconds = 1_000
    /// A connection without an answer for so long is given up.
    public var answerMilliseconds = 1_500
    /// How long an append may take.
    public var appendMilliseconds = 5_000
    /// The folder in which the processes find the one that writes for all; `nil`: each writes by itself.
    public var writerFolder: String?

    public init() {}
}

/// Waits, whatever becomes of the task.
func pause(_ duration: Duration) async {
    try? await Task.sleep(for: duration, clock: .continuous)
}

/// A duration by chance.
func milliseconds(_ range: ClosedRange<Int>, _ random: inout Seeded) -> Duration {
    .milliseconds(Int.random(in: range, using: &random))
}
