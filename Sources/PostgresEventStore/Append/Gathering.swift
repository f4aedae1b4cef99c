/// Decides how large a group the writer waits for, and how long.
///
/// Whoever has just got an answer often appends again at once. Two groups of half of the writers each, of which one is
/// carried out by the server while the other one comes together, keep both busy; few writers make one group. Without
/// waiting a moment for those who come back, groups would be many and small. When they do not come, the writer soon
/// stops waiting.
struct Gathering: Sendable, Hashable {
    /// For how many requests the writer waits; 1 takes what is there.
    private(set) var awaited = 1
    /// How long it waits for them.
    private(set) var patienceSeconds = 0.0

    /// How many groups may be on their way. Normally two: one is prepared while the other is executed. One, when there
    /// is little to write (a second flush costs more than it saves) or when others share the lock (fewer, larger
    /// turns).
    var groupsAheadMax: Int { isLittle || sharedGroups > 0 ? 1 : 2 }

    /// Whether all that is under way comes to little.
    private var isLittle = false
    private static let littleRequestsMax = 16
    private static let littleEventsMax = 64

    /// For how many more groups the log counts as shared with others.
    private var sharedGroups = 0
    private static let sharedGroupsMax = 64

    /// How many groups are written without waiting.
    private var pause = 0
    private var nextPause = 1

    private static let patienceSecondsMax = 0.002
    /// A group of so many is worth a turn: with 512 writers, waiting for more was slower (docs/decisions/0015).
    private static let awaitedMax = 64
    private static let pauseMax = 64

    /// Records that a group was answered.
    ///
    /// - Parameters:
    ///   - requests: How many requests it held.
    ///   - events: How many events these had.
    ///   - active: How many others are being written or wait.
    ///   - seconds: How long it took.
    ///   - isShared: Whether others have appended since the group before.
    mutating func answered(requests: Int, events: Int, active: Int, seconds: Double, isShared: Bool) {
        let underWay = requests + active
        isLittle = underWay <= Self.littleRequestsMax && events * underWay <= Self.littleEventsMax * requests
        sharedGroups = isShared ? Self.sharedGroupsMax : max(0, sharedGroups - 1)
        guard pause == 0 else {
            pause -= 1
            awaited = 1
            return
        }
        awaited = min((requests + active + groupsAheadMax - 1) / groupsAheadMax, Self.awaitedMax)
        patienceSeconds = min(seconds / 2, Self.patienceSecondsMax)
    }

    /// Records that so many requests were there after waiting. Waits less often when it brought too few of those that
    /// were waited for.
    mutating func gathered(_ requests: Int) {
        guard awaited > 1 else { return }
        // While the server waits, too, those who come by chance are not worth waiting for: nearly all should come back.
        if isLittle ? requests * 4 < awaited * 3 : requests * 2 < awaited {
            pause = nextPause
            nextPause = min(nextPause * 2, Self.pauseMax)
            awaited = 1
        } else {
            nextPause = 1
        }
    }
}
