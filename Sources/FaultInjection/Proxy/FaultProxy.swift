internal import Foundation
internal import NIOConcurrencyHelpers

/// Where a connection is cut in a commit.
enum CommitCut: Sendable, Hashable {
    /// The server never hears of the commit.
    case beforeRequest
    /// The server has committed, and the client hears nothing of it.
    case beforeAnswer
    /// The client gets so many bytes of the answer.
    case afterBytes(Int)
}

/// Stands between clients, who come over TCP, and a server's socket: passes on what is said, and stalls or cuts
/// connections when told to.
final class FaultProxy: Sendable {
    private struct State {
        var listener: CInt = -1
        var links: [ProxyLink] = []
        var cut: CommitCut?
    }

    let port: UInt16
    private let reservation: CInt
    private let state = NIOLockedValueBox(State())

    /// Reserves a port; nobody is let in before ``open(toward:)``.
    init() throws {
        reservation = try Sockets.bind(port: 0)
        port = Sockets.port(of: reservation)
    }

    deinit { Sockets.close(reservation) }

    /// Lets clients in, toward the server whose socket is in `folder`.
    func open(toward folder: String) throws {
        let listener = try Sockets.listen(port: port)
        state.withLockedValue { $0.listener = listener }
        Thread.detachNewThread { [self] in
            while let client = Sockets.accept(listener) { connect(client, toward: folder) }
            Sockets.close(listener)
        }
    }

    /// Lets nobody in any more, as when the server's machine is there and the server is not, and cuts all connections.
    func close() {
        let (listener, links) = state.withLockedValue { state in
            defer {
                state.listener = -1
                state.links = []
            }
            return (state.listener, state.links)
        }
        if listener >= 0 { Sockets.shut(listener) }
        for link in links { link.cut() }
    }

    /// Passes on nothing more on those of the present connections that `choose` picks.
    ///
    /// - Returns: How many they are.
    func stall(_ choose: () -> Bool) -> Int {
        let links = state.withLockedValue { $0.links.filter(\.isPassing) }.filter { _ in choose() }
        for link in links { link.stall() }
        return links.count
    }

    /// Cuts the next connection that commits new events.
    ///
    /// - Returns: Whether there was one.
    func cutNextCommit(_ cut: CommitCut, patience: Duration) async -> Bool {
        state.withLockedValue { $0.cut = cut }
        let deadline = ContinuousClock.now.advanced(by: patience)
        while state.withLockedValue({ $0.cut != nil }), ContinuousClock.now < deadline { await pause(.milliseconds(2)) }
        return state.withLockedValue { state in
            defer { state.cut = nil }
            return state.cut == nil
        }
    }

    /// Whoever commits first takes the cut.
    private func takeCut() -> CommitCut? {
        state.withLockedValue { state in
            defer { state.cut = nil }
            return state.cut
        }
    }

    private func connect(_ client: CInt, toward folder: String) {
        guard let server = Sockets.connect(folder: folder) else { return Sockets.close(client) }
        let link = ProxyLink(client: client, server: server) { [weak self] in self?.takeCut() }
        state.withLockedValue { state in
            state.links.removeAll(where: \.isCut)
            state.links.append(link)
        }
        link.start()
    }
}
