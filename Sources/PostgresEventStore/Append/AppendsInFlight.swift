internal import EventSourcing
internal import NIOConcurrencyHelpers

/// The appends that were taken from the inbox and are not answered yet, in the groups in which they were taken.
final class AppendsInFlight: Sendable {
    private let groups = NIOLockedValueBox<[[AppendRequest]]>([])

    var all: [AppendRequest] { groups.withLockedValue { $0.flatMap { $0 } } }
    var isEmpty: Bool { groups.withLockedValue(\.isEmpty) }

    func add(_ group: [AppendRequest]) {
        if !group.isEmpty { groups.withLockedValue { $0.append(group) } }
    }

    /// Takes out a group, or a part of one that stands together. It need not be the oldest one: a group that is decided
    /// again is answered after the one behind it.
    func remove(_ part: [AppendRequest]) {
        guard let first = part.first else { return }
        groups.withLockedValue { groups in
            for index in groups.indices {
                guard let start = groups[index].firstIndex(where: { $0 === first }) else { continue }
                if part.count == groups[index].count {
                    groups.remove(at: index)
                } else {
                    groups[index].removeSubrange(start..<start + part.count)
                }
                return
            }
        }
    }

    /// Records that nobody knows whether they were committed: they are decided again as one group. They were handed to
    /// another process, and not tried under the lock by this one.
    func loseTrack() {
        groups.withLockedValue { groups in
            groups = Self.one(groups.flatMap { $0 }.map { $0.afterUnknownOutcome(triedBehind: nil) })
        }
    }

    /// Takes out everything.
    func removeAll() -> [AppendRequest] {
        groups.withLockedValue { groups in
            defer { groups = [] }
            return groups.flatMap { $0 }
        }
    }

    /// Takes out those whose deadline is over. Of the others, too, nobody knows any more whether they were committed.
    ///
    /// - Parameter head: Where the log ended when they were last tried under the lock, if they were.
    func removeExpired(at now: ContinuousClock.Instant, triedBehind head: Int64? = nil) -> [AppendRequest] {
        groups.withLockedValue { groups in
            let requests = groups.flatMap { $0 }
            groups = Self.one(
                requests.filter { $0.deadline > now }.map { $0.afterUnknownOutcome(triedBehind: head) })
            return requests.filter { $0.deadline <= now }
        }
    }

    private static func one(_ group: [AppendRequest]) -> [[AppendRequest]] { group.isEmpty ? [] : [group] }
}
