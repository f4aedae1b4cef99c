internal import ArgumentParser
internal import Glibc
internal import NIOConcurrencyHelpers
internal import ServiceLifecycle
internal import UnixSignals

/// The signals that ask the program to stop: SIGINT (Ctrl-C), SIGTERM, and SIGHUP (the terminal is gone).
///
/// They are caught from the first use until the program ends, and do nothing by themselves from then on: whatever takes
/// its time has to be run by one of these methods, or it could not be stopped.
final class StopSignals: Sendable {
    private struct State {
        var received: UnixSignal?
        var handlers: [Int: @Sendable () -> Void] = [:]
        var lastHandler = 0
    }

    private static let caught = Task { await StopSignals() }

    private let state = NIOLockedValueBox(State())

    private init() async {
        let signals = await UnixSignalsSequence(trapping: Self.wanted)
        Task { for await signal in signals { receive(signal) } }
    }

    /// Runs `work` in a task that a signal cancels.
    ///
    /// - Throws: What `work` throws; once a signal has come, an exit code of 128 and its number.
    static func cancelling<R: Sendable>(_ work: @escaping @Sendable () async throws -> R) async throws -> R {
        let (signals, task) = (await caught.value, Task { try await work() })
        do {
            return try await signals.run(stoppedBy: { task.cancel() }) { try await task.value }
        } catch {
            // What was cut off says nothing that is worth reading.
            guard let signal = signals.state.withLockedValue({ $0.received }) else { throw error }
            throw ExitCode(128 + signal.rawValue)
        }
    }

    /// Runs services, which a signal shuts down gracefully.
    static func shuttingDown(_ group: ServiceGroup) async throws {
        try await caught.value.run(stoppedBy: { Task { await group.triggerGracefulShutdown() } }) {
            try await group.run()
        }
    }

    private func run<R: Sendable>(
        stoppedBy handler: @escaping @Sendable () -> Void, _ body: () async throws -> R
    ) async throws -> R {
        let (id, isLate) = state.withLockedValue { state in
            state.lastHandler += 1
            state.handlers[state.lastHandler] = handler
            return (state.lastHandler, state.received != nil)
        }
        defer { state.withLockedValue { _ = $0.handlers.removeValue(forKey: id) } }
        if isLate { handler() }
        return try await body()
    }

    private func receive(_ signal: UnixSignal) {
        let handlers = state.withLockedValue { state in
            if state.received == nil { state.received = signal }
            return Array(state.handlers.values)
        }
        for handler in handlers { handler() }
    }

    /// A program that was started to outlive its terminal, with `nohup`, goes on ignoring SIGHUP.
    private static var wanted: [UnixSignal] {
        var action = sigaction()
        sigaction(SIGHUP, nil, &action)
        let isIgnored = unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
        return isIgnored ? [.sigint, .sigterm] : [.sigint, .sigterm, .sighup]
    }
}
