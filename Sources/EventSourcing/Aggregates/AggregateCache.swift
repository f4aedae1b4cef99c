internal import NIOConcurrencyHelpers

/// Folded aggregates by stream. Whoever writes from a cached state does so at its expected revision, so an entry that
/// is out of date costs a retry and is never wrong.
///
/// Two generations bound it: when the young one is full it becomes the old one, and what was not used since goes.
final class AggregateCache: Sendable {
    private struct Generations {
        var young: [StreamName: any Sendable] = [:]
        var old: [StreamName: any Sendable] = [:]
    }

    private let generations = NIOLockedValueBox(Generations())
    private let capacity: Int

    /// - Parameter capacity: How many aggregates are kept at most.
    init(capacity: Int) { self.capacity = max(2, capacity) }

    func take<A: Aggregate>(_ stream: StreamName, as _: A.Type) -> LoadedAggregate<A>? {
        generations.withLockedValue { generations in
            (generations.young.removeValue(forKey: stream) ?? generations.old.removeValue(forKey: stream))
                as? LoadedAggregate<A>
        }
    }

    func put<A: Aggregate>(_ aggregate: LoadedAggregate<A>, _ stream: StreamName) {
        generations.withLockedValue { generations in
            generations.young[stream] = aggregate
            guard generations.young.count > capacity / 2 else { return }
            generations.old = generations.young
            generations.young = [:]
        }
    }
}
