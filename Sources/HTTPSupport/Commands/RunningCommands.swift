public import EventSourcing
internal import NIOConcurrencyHelpers

/// The commands that this process is working on.
///
/// What has been carried out is known from the log, in every process; this is only a courtesy to a client that repeats
/// a request before it has an answer.
public final class RunningCommands: Sendable {
    private let running = NIOLockedValueBox<Set<CommandID>>([])

    public init() {}

    /// Runs `work` unless the same command is running.
    ///
    /// - Throws: 409 when it is, and what `work` throws.
    public func once<Value>(_ id: CommandID, _ work: () async throws -> Value) async throws -> Value {
        guard running.withLockedValue({ $0.insert(id).inserted }) else { throw Problem.requestInProgress }
        defer { running.withLockedValue { _ = $0.remove(id) } }
        return try await work()
    }
}
