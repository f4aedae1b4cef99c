internal import Foundation
internal import NIOConcurrencyHelpers

/// One connection through a proxy: a thread for each direction.
final class ProxyLink: Sendable {
    private enum Phase {
        case passing, stalled, cut
    }

    private struct State {
        var phase = Phase.passing
        /// How many bytes of the server's answer are still let through; `nil`: all.
        var answerBytesLeft: Int?
        var pumps = 2
    }

    private let client: CInt
    private let server: CInt
    private let nextCut: @Sendable () -> CommitCut?
    private let state = NIOLockedValueBox(State())

    /// - Parameter nextCut: Asked at each commit of new events, whether to cut it.
    init(client: CInt, server: CInt, nextCut: @escaping @Sendable () -> CommitCut?) {
        self.client = client
        self.server = server
        self.nextCut = nextCut
    }

    func start() {
        Thread.detachNewThread { [self] in passRequests() }
        Thread.detachNewThread { [self] in passAnswers() }
    }

    var isPassing: Bool { state.withLockedValue { $0.phase == .passing } }
    var isCut: Bool { state.withLockedValue { $0.phase == .cut } }

    /// Passes on nothing more, and keeps both connections open.
    func stall() {
        state.withLockedValue { if $0.phase == .passing { $0.phase = .stalled } }
    }

    /// Ends both connections.
    func cut() {
        state.withLockedValue { state in
            // A socket is closed when both pumps are gone: until then its number is this link's.
            guard state.pumps > 0 else { return }
            state.phase = .cut
            Sockets.shut(client)
            Sockets.shut(server)
        }
    }

    private func passRequests() {
        var watch = CommitWatch()
        pump(from: client) { bytes in
            guard let commit = watch.take(bytes), let cut = nextCut() else { return Sockets.write(bytes, to: server) }
            switch cut {
            case .beforeRequest: return false
            case .beforeAnswer: state.withLockedValue { $0.answerBytesLeft = 0 }
            case .afterBytes(let count): state.withLockedValue { $0.answerBytesLeft = count }
            }
            return Sockets.write(bytes[..<commit], to: server) && Sockets.write(bytes[commit...], to: server)
        }
    }

    private func passAnswers() {
        pump(from: server) { bytes in
            guard let left = state.withLockedValue({ $0.answerBytesLeft }) else {
                return Sockets.write(bytes, to: client)
            }
            state.withLockedValue { $0.answerBytesLeft = max(0, left - bytes.count) }
            return Sockets.write(bytes.prefix(left), to: client) && left > bytes.count
        }
    }

    /// Passes on what comes, until `pass` says that it was the last, or one side ends.
    private func pump(from source: CInt, _ pass: (ArraySlice<UInt8>) -> Bool) {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Sockets.read(source, &buffer)
            waitWhileStalled()
            guard count > 0, isPassing, pass(buffer[..<count]) else { break }
        }
        cut()
        let isLast = state.withLockedValue { state in
            state.pumps -= 1
            return state.pumps == 0
        }
        guard isLast else { return }
        Sockets.close(client)
        Sockets.close(server)
    }

    private func waitWhileStalled() {
        while state.withLockedValue({ $0.phase == .stalled }) { Thread.sleep(forTimeInterval: 0.01) }
    }
}
