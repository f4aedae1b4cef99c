/// Decides how long the writer waits for a fuller group.
///
/// Whoever has just got an answer often appends again at once. A group that waits a moment for them saves the flush to
/// disk of the group after it: with writers that each wait for their answer, groups would otherwise hold half of them in
/// turn. When they do not come, the writer soon stops waiting.
struct Gathering: Sendable, Hashable {
    /// For how many requests the writer waits; 1 takes what is there.
    private(set) var awaited = 1
    /// How long it waits for them.
    private(set) var patienceSeconds = 0.0

    /// How many groups are written without waiting.
    private var pause = 0
    private var nextPause = 1

    private static let patienceSecondsMax = 0.002
    private static let pauseMax = 64

    /// Takes in that a group is written.
    ///
    /// - Parameters:
    ///   - requests: How many requests the group held.
    ///   - left: How many waited already when it was taken.
    ///   - seconds: How long writing it took.
    mutating func finished(requests: Int, left: Int, seconds: Double) {
        notice(requests + left)
        guard pause == 0 else {
            pause -= 1
            awaited = 1
            return
        }
        awaited = max(1, requests + left)
        patienceSeconds = min(seconds / 2, Self.patienceSecondsMax)
    }

    /// Waits less often when waiting did not bring most of those that were waited for.
    private mutating func notice(_ came: Int) {
        guard awaited > 1 else { return }
        if came * 4 < awaited * 3 {
            pause = nextPause
            nextPause = min(nextPause * 2, Self.pauseMax)
        } else {
            nextPause = 1
        }
    }
}
