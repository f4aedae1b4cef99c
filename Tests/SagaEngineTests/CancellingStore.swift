import EventSourcing
import EventSourcingTesting
import NIOConcurrencyHelpers

/// A store that, as the one in PostgreSQL, does not write for a cancelled task. It cancels one at its first append to a
/// stream of a category, and takes that append.
final class CancellingStore: ForwardingStore {
    let base: InMemoryEventStore
    private let category: StreamCategory
    private let cancel = NIOLockedValueBox<(@Sendable () -> Void)?>(nil)

    init(_ base: InMemoryEventStore, cancelAt category: StreamCategory) {
        self.base = base
        self.category = category
    }

    func cancels<Success: Sendable>(_ task: Task<Success, any Error>) {
        cancel.withLockedValue { $0 = { task.cancel() } }
    }

    func append(
        _ appends: [StreamAppend], provided conditions: [AppendCondition]
    ) async throws(EventStoreError) -> AppendReceipt {
        if appends.contains(where: { $0.stream.category == category.rawValue }) {
            cancel.withLockedValue { $0 }?()
        } else if Task.isCancelled {
            throw EventStoreError(.cancelled, "The task was cancelled. Nothing was written.")
        }
        return try await base.append(appends, provided: conditions)
    }
}
