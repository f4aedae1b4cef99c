internal import EventSourcing
internal import Logging
internal import NIOConcurrencyHelpers
internal import PostgresClient

/// Knows how far the log has come, from this process's own appends and from notifications of others, and wakes who
/// waits for more.
///
/// What it knows may lag behind the log. Notifications are hints: readers ask the log itself when none has come for a
/// while, and when one has come and there is nothing.
final class LogWatcher: Sendable {
    private struct State {
        var head = Position.start
        var waiters: [(position: Position, waiter: Waiter)] = []
    }

    private let state = NIOLockedValueBox(State())
    private let log: LogID
    private let configuration: ConnectionConfiguration
    private let logger: Logger

    init(log: LogID, configuration: ConnectionConfiguration, logger: Logger) {
        self.log = log
        self.configuration = configuration
        self.logger = logger
    }

    var head: Position { state.withLockedValue { $0.head } }

    /// Records that the log has come to `head`.
    func advance(to head: Position) {
        let woken: [Waiter] = state.withLockedValue { state in
            guard head > state.head else { return [] }
            state.head = head
            let split = state.waiters.partition { $0.position < head }
            defer { state.waiters.removeSubrange(split...) }
            return state.waiters[split...].map(\.waiter)
        }
        for waiter in woken { waiter.resume() }
    }

    /// Records that the log ends at `head`, and not at `wrong`, which was known before the log was asked.
    func takeBack(_ wrong: Position, to head: Position) {
        state.withLockedValue { state in
            if state.head == wrong { state.head = head }
        }
    }

    /// Waits until the log is known to reach past `position`, at most for `timeout`.
    func wait(after position: Position, timeout: Duration) async {
        let waiter = Waiter()
        let isThere = state.withLockedValue { state in
            guard state.head <= position else { return true }
            state.waiters.append((position, waiter))
            return false
        }
        guard !isThere else { return }
        await waiter.wait(atMost: timeout)
        state.withLockedValue { state in state.waiters.removeAll { $0.waiter === waiter } }
    }

    /// Listens for notifications until the task is cancelled; a lost connection is made anew.
    func run() async {
        var backoff = Backoff()
        var isListening = true
        while !Task.isCancelled {
            do {
                let connection = try await PostgresConnection.connect(configuration)
                let notifications = try await connection.listen(on: log.channel)
                backoff = Backoff()
                isListening = true
                for await notification in notifications {
                    if let position = Int64(notification.payload) { advance(to: Position(rawValue: position)) }
                }
                await connection.close()
            } catch {
                if !Task.isCancelled { report(error, isFirst: isListening) }
                isListening = false
            }
            try? await Task.sleep(for: backoff.next(), clock: .continuous)
        }
    }

    /// One line for each outage is enough.
    private func report(_ error: any Error, isFirst: Bool) {
        logger.log(
            level: isFirst ? .warning : .debug, "listening for new events failed; readers poll",
            metadata: ["error": "\(error)"])
    }
}
