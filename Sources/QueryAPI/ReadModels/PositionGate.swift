internal import EventSourcing
internal import HTTPSupport
internal import HTTPTypes
internal import PostgresClient
internal import Runtime

/// Lets a query wait until its read model has taken in what the client has written: people read their own writes.
struct PositionGate: Sendable {
    let pool: PostgresPool
    let logs: Set<LogName>
    let patience: Duration

    /// - Throws: 503 when the read model does not get there in time, and 400 for what is no position in one of the
    ///   logs.
    func wait(_ request: APIRequest, for model: any ReadModel) async throws {
        guard let text = request.headers[.strataPosition] else { return }
        guard let position = LogPosition(text), logs.contains(position.log) else {
            throw Problem.badRequest(.header("Strata-Position"), "is not a position")
        }
        let isThere = try await ReadModelStatus.wait(
            for: model, toReach: position, timeout: patience, pool: pool)
        guard isThere else {
            throw Problem.unavailable(
                code: "readModelBehind", "The read model \(model.name) has not reached the position yet; try again.",
                retryAfterSeconds: 1)
        }
    }
}
