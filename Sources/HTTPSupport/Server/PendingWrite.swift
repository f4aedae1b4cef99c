internal import NIOConcurrencyHelpers
internal import NIOCore

/// What a connection has not taken yet. A server that is asked to stop does not wait for a client that takes nothing.
final class PendingWrite: Sendable {
    private enum State {
        case none
        case since(ContinuousClock.Instant)
        case closed
    }

    /// How long a client may take nothing once the server is asked to stop.
    private static let stopPatience = Duration.seconds(1)

    private let state = NIOLockedValueBox(State.none)

    func begin() { state.withLockedValue { $0 = .since(.now) } }
    func end() { state.withLockedValue { $0 = .none } }
    func close() { state.withLockedValue { $0 = .closed } }

    /// Cuts the connection off when it takes nothing. Returns once it is closed.
    func watch(_ channel: any Channel) async throws {
        while true {
            try await Task.sleep(for: Self.stopPatience, clock: .continuous)
            switch state.withLockedValue({ $0 }) {
            case .none: continue
            case .since(let began) where began.duration(to: .now) < Self.stopPatience: continue
            case .since: return channel.close(promise: nil)
            case .closed: return
            }
        }
    }
}
