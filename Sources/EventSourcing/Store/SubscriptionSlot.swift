internal import NIOConcurrencyHelpers

/// One of the subscriptions that a store takes, for as long as it is kept.
public final class SubscriptionSlot: Sendable {
    private let release: @Sendable () -> Void

    /// - Parameter release: Called once, when the slot is let go.
    public init(release: @escaping @Sendable () -> Void = {}) { self.release = release }

    deinit { release() }
}

/// Counts the open subscriptions of a store.
package final class SubscriptionSlots: Sendable {
    private let max: Int
    private let open = NIOLockedValueBox(0)

    package init(max: Int) { self.max = max }

    package func take() throws(EventStoreError) -> SubscriptionSlot {
        let isFree = open.withLockedValue { open in
            guard open < max else { return false }
            open += 1
            return true
        }
        guard isFree else {
            throw EventStoreError(
                .tooManySubscriptions,
                "\(max) subscriptions are open, and the store takes no more. End one, or let another process follow.")
        }
        return SubscriptionSlot { [self] in open.withLockedValue { $0 -= 1 } }
    }
}
