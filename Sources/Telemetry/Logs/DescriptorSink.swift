internal import Glibc
internal import NIOConcurrencyHelpers

/// Writes log lines to a file descriptor, and rather loses lines than hold up the program.
///
/// When nobody reads the other end, one line waits for ``patienceMilliseconds``; the following ones are dropped at once
/// until there is room again, and a line then says how many were lost.
public final class DescriptorSink: LogSink {
    /// The process's standard error.
    public static let standardError = DescriptorSink(descriptor: STDERR_FILENO)

    static let patienceMilliseconds: CInt = 100
    /// A pipe that is ready for writing takes this much without blocking (POSIX `PIPE_BUF`).
    private static let pieceBytesMax = 4_096

    private struct State {
        var isStalled = false
        var dropped = 0
    }

    private let descriptor: CInt
    private let state = NIOLockedValueBox(State())

    public init(descriptor: CInt) { self.descriptor = descriptor }

    public func write(_ line: [UInt8]) {
        state.withLockedValue { state in
            if state.isStalled, !report(&state) { return }
            if !send(line, patience: Self.patienceMilliseconds) {
                state.isStalled = true
                state.dropped += 1
            }
        }
    }

    /// Tries to say how many lines were lost. The line break before it ends a line that was cut.
    ///
    /// - Returns: Whether there is room again.
    private func report(_ state: inout State) -> Bool {
        let notice = Array("\n{\"level\":\"warning\",\"message\":\"\(state.dropped) log records were dropped\"}\n".utf8)
        guard send(notice, patience: 0) else {
            state.dropped += 1
            return false
        }
        state = State()
        return true
    }

    private func send(_ bytes: [UInt8], patience: CInt) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            guard isWritable(within: patience) else { return false }
            let piece = rest.prefix(Self.pieceBytesMax)
            let count = piece.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno != EINTR { return false }
            rest = rest.dropFirst(max(0, count))
        }
        return true
    }

    private func isWritable(within milliseconds: CInt) -> Bool {
        var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return Glibc.poll(&poll, 1, milliseconds) == 1 && poll.revents & Int16(POLLOUT) != 0
    }
}
