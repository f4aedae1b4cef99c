internal import EventCodec
internal import EventSourcing
internal import HTTPSupport

/// What a client asks to append, as it stands in the body.
struct AppendBody: Sendable {
    /// Events for one stream.
    struct Stream: Sendable {
        let stream: StreamName
        let expected: ExpectedRevision
        let events: [EventBody]
        /// Where the events stand in the body.
        let pointer: String
    }

    let streams: [Stream]
    let conditions: [AppendCondition]

    /// Reads the body of an append to one stream.
    ///
    /// - Throws: 422 with everything that is wrong.
    init(_ body: JSONValue, stream: StreamName, expected: ExpectedRevision, _ limits: AppendLimits) throws(Problem) {
        self = try JSONFields.read(body) { fields in
            fields.all(
                fields.required("events", .events(limits)), fields.optional("condition", .condition),
                fields.optional("expectedRevisions", .expectedRevisions(limits))
            ).map { events, condition, others in
                AppendBody(
                    [Stream(stream: stream, expected: expected, events: events, pointer: "/events")], condition, others)
            }
        }
    }

    /// Reads the body of an append to several streams.
    ///
    /// - Throws: 422 with everything that is wrong.
    init(_ body: JSONValue, _ limits: AppendLimits) throws(Problem) {
        self = try JSONFields.read(body) { fields in
            fields.all(
                fields.required("streams", .array(of: .streamAppend(limits), countMax: Self.countMax(limits))),
                fields.optional("condition", .condition),
                fields.optional("expectedRevisions", .expectedRevisions(limits))
            ).map { streams, condition, others in
                let streams = streams.enumerated().map { index, append in
                    Stream(
                        stream: append.stream, expected: append.expected, events: append.events,
                        pointer: "/streams/\(index)/events")
                }
                return AppendBody(streams, condition, others)
            }
        }
    }

    private init(_ streams: [Stream], _ condition: AppendCondition?, _ others: [AppendCondition]?) {
        self.streams = streams
        conditions = (condition.map { [$0] } ?? []) + (others ?? [])
    }

    /// Elements of an array that are looked at; how many may be appended is said by limits that have names.
    fileprivate static func countMax(_ limits: AppendLimits) -> Int { max(20_000, 4 * min(limits.eventsMax, 1 << 20)) }
}

extension JSONRule where Value == [EventBody] {
    fileprivate static func events(_ limits: AppendLimits) -> JSONRule {
        .array(of: .event(limits), countMax: AppendBody.countMax(limits))
    }
}

extension JSONRule where Value == (stream: StreamName, expected: ExpectedRevision, events: [EventBody]) {
    fileprivate static func streamAppend(_ limits: AppendLimits) -> JSONRule {
        .object { fields in
            fields.all(
                fields.required("stream", .stream), fields.optional("expectedRevision", .expectedRevision),
                fields.required("events", .events(limits))
            ).map { stream, expected, events in (stream, expected ?? .any, events) }
        }
    }
}

extension JSONRule where Value == AppendCondition {
    fileprivate static var condition: JSONRule {
        .object { fields in
            fields.all(
                fields.required("query", .array(of: .criterion, countMax: EventQuery.criteriaMax)),
                fields.optional("after", .integer(in: 0...Int.max))
            ).map { criteria, after in
                .noEvents(matching: EventQuery(criteria), after: Position(rawValue: Int64(after ?? 0)))
            }
        }
    }

    fileprivate static var streamCondition: JSONRule {
        .object { fields in
            fields.all(
                fields.required("stream", .stream), fields.required("expectedRevision", .expectedRevision)
            ).map { .stream($0, $1) }
        }
    }
}

extension JSONRule where Value == [AppendCondition] {
    fileprivate static func expectedRevisions(_ limits: AppendLimits) -> JSONRule {
        .array(of: .streamCondition, countMax: limits.conditionsMax)
    }
}

extension JSONRule where Value == EventQuery.Criterion {
    fileprivate static var criterion: JSONRule {
        .object { fields in
            fields.all(
                fields.required("tags", .array(of: .tag, countMax: EventQuery.criteriaMax)),
                fields.optional("types", .array(of: .eventType, countMax: 64))
            ).map { tags, types in EventQuery.Criterion(tags: Set(tags), types: types.map(Set.init)) }
        }
    }
}
