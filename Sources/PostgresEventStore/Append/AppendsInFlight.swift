internal import NIOConcurrencyHelpers

/// The appends that were taken from the inbox and are not answered yet.
final class AppendsInFlight: Sendable {
    private let requests = NIOLockedValueBox<[AppendRequest]>([])

    var all: [AppendRequest] { requests.withLockedValue { $0 } }
    var isEmpty: Bool { requests.withLockedValue(\.isEmpty) }

    func add(_ group: [AppendRequest]) { requests.withLockedValue { $0 += group } }

    /// Takes out a group, or a part of one that stands together. It need not be the oldest one: a group that is decided
    /// again is answered after the one behind it.
    func remove(_ group: [AppendRequest]) {
        guard let first = group.first else { return }
        requests.withLockedValue { requests in
            guard let start = requests.firstIndex(where: { $0 === first }) else { return }
            requests.removeSubrange(start..<start + group.count)
        }
    }

    /// Takes in that nobody knows whether they were committed.
    func loseTrack() { requests.withLockedValue { $0 = $0.map(\.afterUnknownOutcome) } }

    /// Takes out everything.
    func removeAll() -> [AppendRequest] {
        requests.withLockedValue { requests in
            defer { requests = [] }
            return requests
        }
    }

    /// Takes out those whose deadline is over. Of the others, too, nobody knows any more whether they were committed.
    func removeExpired(at now: ContinuousClock.Instant) -> [AppendRequest] {
        requests.withLockedValue { requests in
            defer { requests = requests.filter { $0.deadline > now }.map(\.afterUnknownOutcome) }
            return requests.filter { $0.deadline <= now }
        }
    }
}
