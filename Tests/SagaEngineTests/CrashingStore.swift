import EventSourcing
import EventSourcingTesting
import NIOConcurrencyHelpers

/// A store whose process dies at one of its appends: from then on nothing is written any more.
final class CrashingStore: ForwardingStore {
    /// Whether the append at which the process dies is still written.
    enum Moment: Sendable, CaseIterable {
        case beforeWriting, afterWriting
    }

    private enum Fate {
        case lives, dies, isDead
    }

    let base: InMemoryEventStore
    private let crashAt: Int
    private let moment: Moment
    private let appends = NIOLockedValueBox(0)

    init(_ base: InMemoryEventStore, crashAt: Int, _ moment: Moment) {
        self.base = base
        self.crashAt = crashAt
        self.moment = moment
    }

    var hasCrashed: Bool { appends.withLockedValue { $0 >= crashAt } }

    func append(
        _ appends: [StreamAppend], provided conditions: [AppendCondition]
    ) async throws(EventStoreError) -> AppendReceipt {
        let fate: Fate = self.appends.withLockedValue { count in
            count += 1
            return count < crashAt ? .lives : count == crashAt ? .dies : .isDead
        }
        if case .lives = fate { return try await base.append(appends, provided: conditions) }
        if case .dies = fate, moment == .afterWriting { _ = try await base.append(appends, provided: conditions) }
        throw EventStoreError(.unavailable, "The process is dead.")
    }
}
