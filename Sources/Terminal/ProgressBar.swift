internal import Glibc
internal import NIOConcurrencyHelpers

/// Shows on a terminal how far something has come, how fast it goes and when it will be done; elsewhere a line now and
/// then.
public final class ProgressBar: Sendable {
    private struct State {
        var lastShown: ContinuousClock.Instant?
        var lastText = ""
    }

    private let label: String
    private let began = ContinuousClock.now
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let state = NIOLockedValueBox(State())

    public init(_ label: String) { self.label = label }

    /// Shows that `done` of `total` are done.
    public func show(_ done: Int, of total: Int, note: String = "") {
        let now = ContinuousClock.now
        let interval: Duration = isTerminal ? .milliseconds(100) : .seconds(5)
        let isDue = state.withLockedValue { state in
            if let last = state.lastShown, last.duration(to: now) < interval, done < total { return false }
            state.lastShown = now
            return true
        }
        if isDue { write(text(done, total, note, now), isLast: false) }
    }

    /// Leaves the last state on the screen.
    public func finish(_ text: String) { write("\(label): \(text)", isLast: true) }

    /// What fits on a line: a longer one could not be written over.
    private var columns: Int {
        var size = winsize()
        return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) - 1 : .max
    }

    private func text(_ done: Int, _ total: Int, _ note: String, _ now: ContinuousClock.Instant) -> String {
        let seconds = began.duration(to: now) / .seconds(1)
        let share = total > 0 ? min(1, Double(done) / Double(total)) : 1
        let rate = seconds > 0 ? Double(done) / seconds : 0
        let eta = rate > 0 ? Int(Double(max(0, total - done)) / rate) : 0
        let filled = Int(share * 24)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
        return "\(label) \(bar) \(Int(share * 100)) %  \(done)/\(total)  \(Int(rate))/s  ETA \(eta) s  \(note)"
    }

    private func write(_ text: String, isLast: Bool) {
        let text = isTerminal ? String(text.prefix(columns)) : text
        let line = state.withLockedValue { state in
            defer { state.lastText = text }
            let padding = String(repeating: " ", count: max(0, state.lastText.count - text.count))
            return isTerminal ? "\r\(text)\(padding)\(isLast ? "\n" : "")" : "\(text)\n"
        }
        // A terminal that has gone is no reason to stop.
        var rest = Array(line.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
