internal import Glibc

/// A short command that is run to its end.
enum Command {
    struct Outcome {
        let isSuccess: Bool
        /// What it wrote, errors included.
        let output: String
    }

    /// - Parameter isInterruptible: Whether it is asked to give up when the task is cancelled.
    static func run(
        _ command: [String], as user: ServerUser? = nil, isInterruptible: Bool = false
    ) async throws(SystemFailure) -> Outcome {
        guard let file = tmpfile() else { throw SystemFailure() }
        defer { fclose(file) }
        let child = try ChildProcess.spawn(command, as: user, output: fileno(file))
        await patience {
            if isInterruptible, Task.isCancelled { child.signal(SIGINT) }
            return !child.isRunning
        }
        return Outcome(isSuccess: child.hasSucceeded, output: contents(of: fileno(file)))
    }

    private static func contents(of descriptor: CInt) -> String {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
    }
}

/// Looks again and again, with growing pauses, until `condition` holds or the time is over. Goes on when the task is
/// cancelled: what is waited for here is the end of something that was begun.
///
/// - Returns: Whether the condition holds.
@discardableResult
func patience(upTo limit: Duration = .seconds(3_600), until condition: () async -> Bool) async -> Bool {
    let deadline = ContinuousClock.now + limit
    var pause = Duration.milliseconds(2)
    while await !condition() {
        guard ContinuousClock.now < deadline else { return false }
        let next = pause
        await Task { try? await Task.sleep(for: next) }.value
        pause = min(pause * 2, .milliseconds(50))
    }
    return true
}
