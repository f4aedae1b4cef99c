public import EventSourcing
public import Testing

/// A test of a projection: given these events, then the read model has these rows.
///
/// As when it runs, the projection is given only events of types that its ``Projection/Event`` says it can read; the
/// others are passed over. The revisions of each stream's events count from the first.
public struct ProjectionScenario<P: Projection>: Sendable {
    private var rows: [String: P] = [:]
    private var position = Position.start
    private var revisions: [StreamName: Revision] = [:]

    public init() {}

    /// Lets an event of `stream` be recorded, and folds it in when the projection follows events of its type.
    public func given(
        _ payload: some EventPayload, in stream: StreamName, recordedAt: Timestamp = Timestamp(microsecondsSince1970: 0)
    ) throws -> ProjectionScenario {
        var next = self
        let revision = revisions[stream]?.advanced(by: 1) ?? .first
        next.position = position.advanced(by: 1)
        next.revisions[stream] = revision
        let new = try NewEvent(payload, metadata: EventMetadata(correlationID: .make(), actor: "test"))
        let event = RecordedEvent(
            new, position: next.position, stream: stream, revision: revision, recordedAt: recordedAt)
        guard EventFilter.events(of: P.Event.self).matches(event) else { return next }
        let recorded = try Recorded<P.Event>(event)
        guard let key = P.key(for: recorded) else { return next }
        next.rows[key, default: P()].apply(recorded)
        return next
    }

    /// Expects `check` to hold of the row with this key.
    public func then(
        _ key: String, sourceLocation: SourceLocation = #_sourceLocation, _ check: (P) -> Bool
    ) {
        guard let row = rows[key] else {
            Issue.record("there is no row '\(key)', only \(rows.keys.sorted())", sourceLocation: sourceLocation)
            return
        }
        #expect(check(row), "the row '\(key)' is \(row)", sourceLocation: sourceLocation)
    }

    /// Expects that no row has this key.
    public func thenNoRow(_ key: String, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(rows[key] == nil, sourceLocation: sourceLocation)
    }
}
