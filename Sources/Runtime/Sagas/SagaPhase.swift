internal import PostgresClient

/// How far an instance of a saga has come, as ``SagaInstances`` records it.
public enum SagaPhase: String, Sendable, Hashable, CaseIterable {
    /// It carries out its steps.
    case forward
    /// It undoes what it has intended.
    case backward
    /// Every step is done.
    case completed
    /// Everything is undone.
    case compensated
    /// It waits for an operator.
    case quarantined

    /// Those of instances that have not ended.
    public static let unfinished: [SagaPhase] = [.forward, .backward, .quarantined]
}

extension PostgresResult {
    func sagaPhase(_ row: Int, _ column: Int) throws(PostgresError) -> SagaPhase {
        guard let phase = SagaPhase(rawValue: text(row, column)) else {
            throw PostgresError(.protocolViolation, detail: "column \(column) is no phase of a saga")
        }
        return phase
    }
}
