/// Which events of a log a reader wants. A filter that names nothing takes all of them.
public struct EventFilter: Sendable, Hashable {
    /// Streams of these categories, or `nil` for all.
    public var categories: Set<StreamCategory>?
    /// Events of these types, or `nil` for all.
    public var types: Set<EventType>?
    /// Events that this query finds, or `nil` for all.
    public var query: EventQuery?

    public init(
        categories: Set<StreamCategory>? = nil, types: Set<EventType>? = nil, query: EventQuery? = nil
    ) {
        self.categories = categories
        self.types = types
        self.query = query
    }

    public static let all = EventFilter()

    /// The events that `Payload` can read, of streams of `category`.
    public static func events<Payload: ReadableEvent>(of _: Payload.Type, in category: StreamCategory? = nil)
        -> EventFilter
    {
        EventFilter(categories: category.map { [$0] }, types: Payload.eventTypes.map(Set.init))
    }

    public func matches(_ event: RecordedEvent) -> Bool {
        if let types, !types.contains(event.type) { return false }
        if let categories, !categories.contains(StreamCategory(recorded: event.stream.category)) { return false }
        if let query, !query.matches(type: event.type, tags: event.tags) { return false }
        return true
    }
}
