/// What a store takes in one read, and from how many readers.
public struct ReadLimits: Sendable, Hashable {
    /// Events in one page; at least 1,000, for what reads whole streams and queries asks for so many at once.
    public var pageEventsMax: Int
    /// Bytes of payloads and metadata in one page, but for its last event.
    public var pageBytesMax: Int
    /// Subscriptions that are followed at the same time.
    public var subscriptionsMax: Int

    public init(pageEventsMax: Int = 10_000, pageBytesMax: Int = 16 << 20, subscriptionsMax: Int = 1_000) {
        self.pageEventsMax = pageEventsMax
        self.pageBytesMax = pageBytesMax
        self.subscriptionsMax = subscriptionsMax
    }

    /// - Returns: The size of the page that is read.
    /// - Throws: ``EventStoreError/Code/invalidRead``.
    package func check(_ size: PageSize) throws(EventStoreError) -> PageSize {
        try check(limit: size.events)
        guard size.bytes > 0 else {
            throw EventStoreError(.invalidRead, "A page of \(size.bytes) bytes was asked for; it takes 1 or more.")
        }
        return PageSize(events: size.events, bytes: min(size.bytes, pageBytesMax))
    }

    /// - Throws: ``EventStoreError/Code/invalidRead``.
    package func check(limit: Int) throws(EventStoreError) {
        guard (1...pageEventsMax).contains(limit) else {
            throw EventStoreError(
                .invalidRead, "A page of \(limit) events was asked for; it takes 1 to \(pageEventsMax).")
        }
    }

    /// - Throws: ``EventStoreError/Code/invalidRead`` when no stream can have this name.
    package func check(_ stream: StreamName) throws(EventStoreError) {
        guard StreamName.isValid(stream.rawValue) else {
            throw EventStoreError(
                .invalidRead,
                "A stream's name is empty, longer than \(StreamName.lengthMax) bytes or holds a control character.")
        }
    }

    /// - Throws: ``EventStoreError/Code/invalidRead`` when no event can be what the filter names.
    package func check(_ filter: EventFilter) throws(EventStoreError) {
        if let flaw = filter.query?.flaw { throw EventStoreError(.invalidRead, flaw) }
        guard filter.types?.allSatisfy({ EventType.isValid($0.rawValue) }) ?? true else {
            throw EventStoreError(.invalidRead, AppendLimits.typeFlaw)
        }
    }
}
