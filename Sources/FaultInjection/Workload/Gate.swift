internal import NIOConcurrencyHelpers

/// Lets writers work, or holds them where nothing of theirs is under way.
final class Gate: Sendable {
    enum Phase: Sendable {
        /// Everybody works.
        case open
        /// Only those go on that do not know what became of an append, until they know.
        case settling
        /// Nobody begins anything.
        case closed
    }

    private struct State {
        var phase = Phase.open
        /// Those that wait, and whether they have something to find out.
        var waiting: [Int: Bool] = [:]
    }

    private let state = NIOLockedValueBox(State())
    private let writers: Int

    init(writers: Int) { self.writers = writers }

    func set(_ phase: Phase) { state.withLockedValue { $0.phase = phase } }

    /// Waits until `writer` may send something.
    ///
    /// - Parameter waitsForCheck: Whether a writer that is unsure is held until the others settle, too.
    func pass(_ writer: Int, isUnsure: Bool, waitsForCheck: Bool) async {
        while !Task.isCancelled {
            let isFree = state.withLockedValue { state in
                let isFree =
                    switch state.phase {
                    case .open: !(isUnsure && waitsForCheck)
                    case .settling: isUnsure
                    case .closed: false
                    }
                state.waiting[writer] = isFree ? nil : isUnsure
                return isFree
            }
            if isFree { return }
            await pause(.milliseconds(2))
        }
    }

    /// Waits until all writers are held.
    func waitUntilHeld() async throws(Stuck) {
        try await Retry.expect("all writers are held") {
            state.withLockedValue { state in
                state.waiting.count == writers && (state.phase == .closed || !state.waiting.values.contains(true))
            }
        }
    }
}
