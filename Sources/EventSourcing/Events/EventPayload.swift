/// A value that can be read from recorded events.
public protocol ReadableEvent: Sendable {
    /// Every event type that ``init(type:schemaVersion:payload:)`` can read, or `nil` when that cannot be said.
    static var eventTypes: [EventType]? { get }

    /// Reads a recorded payload of any version up to the newest.
    init(type: EventType, schemaVersion: Int, payload: ArraySlice<UInt8>) throws(EventCodingError)
}

/// What happened, as a value that can be written to a log and read back.
///
/// Types generated from `EventSchemas/` conform with a codec of their own. A plain `Codable` enum, one case for each
/// kind of event, conforms without any further code; its cases' names are the event types.
public protocol EventPayload: ReadableEvent {
    /// The type of this event.
    var eventType: EventType { get }

    /// The version of the schema that ``encode(into:)`` writes: 1 for the first.
    var schemaVersion: Int { get }

    /// What the event is about, besides its stream; none unless a type says so. At most 16, and 15 of an event that a
    /// ``Decision`` records, which gets one more that names its command; each of 1 to 256 bytes of UTF-8.
    var tags: Set<EventTag> { get }

    /// Appends the payload, as JSON, to `bytes`.
    func encode(into bytes: inout [UInt8]) throws(EventCodingError)
}

extension ReadableEvent {
    public static var eventTypes: [EventType]? { nil }
}

extension EventPayload {
    public var schemaVersion: Int { 1 }
    public var tags: Set<EventTag> { [] }
}

/// A payload that cannot be written or read.
public struct EventCodingError: Error, Sendable, Hashable, CustomStringConvertible {
    public let type: EventType
    /// Which field, and what is wrong with it; never the field's value.
    public let reason: String

    public init(type: EventType, reason: String) {
        self.type = type
        self.reason = reason
    }

    public var description: String { "event \(type) cannot be read or written: \(reason)" }
}

/// Events of one context or of another, for readers that follow both.
public enum Either<First: ReadableEvent, Second: ReadableEvent>: ReadableEvent {
    case first(First)
    case second(Second)

    public static var eventTypes: [EventType]? {
        guard let first = First.eventTypes, let second = Second.eventTypes else { return nil }
        return first + second
    }

    public init(type: EventType, schemaVersion: Int, payload: ArraySlice<UInt8>) throws(EventCodingError) {
        switch Self.isFirst(type) {
        case true?: self = .first(try First(type: type, schemaVersion: schemaVersion, payload: payload))
        case false?: self = .second(try Second(type: type, schemaVersion: schemaVersion, payload: payload))
        case nil:
            if let first = try? First(type: type, schemaVersion: schemaVersion, payload: payload) {
                self = .first(first)
            } else {
                self = .second(try Second(type: type, schemaVersion: schemaVersion, payload: payload))
            }
        }
    }

    /// Which of the two knows `type`, or `nil` when neither says what it knows.
    private static func isFirst(_ type: EventType) -> Bool? {
        if let types = First.eventTypes { return types.contains(type) }
        return Second.eventTypes.map { !$0.contains(type) }
    }
}
