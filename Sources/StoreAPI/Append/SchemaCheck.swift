internal import EventSchema
internal import EventSourcing
internal import HTTPSupport
internal import HTTPTypes

/// Holds payloads against the schemas of their types.
struct SchemaCheck: Sendable {
    private let schemas: SchemaRegistry
    private let acceptsUnknownTypes: Bool
    private let acceptsUnknownFields: Bool

    init(_ configuration: StoreAPIConfiguration) {
        schemas = configuration.schemas
        acceptsUnknownTypes = configuration.acceptsUnknownTypes
        acceptsUnknownFields = configuration.acceptsUnknownFields
    }

    /// - Throws: 422 that names each place in the body where a payload is not as it should be.
    func check(_ body: AppendBody) throws(Problem) {
        var flaws: [Problem.Flaw] = []
        for stream in body.streams {
            for (index, event) in stream.events.enumerated() where flaws.count < SchemaRegistry.violationsMax {
                flaws += self.flaws(of: event, at: "\(stream.pointer)/\(index)")
            }
        }
        guard !flaws.isEmpty else { return }
        throw Problem(
            .unprocessableContent, code: "schemaViolation", title: "Schema violation",
            detail: """
                Events are not what the schemas of their types say. Nothing was changed; correct the events, or register \
                schemas that take them.
                """, flaws: Array(flaws.prefix(SchemaRegistry.violationsMax)))
    }

    private func flaws(of event: EventBody, at pointer: String) -> [Problem.Flaw] {
        guard let type = schemas.event(event.type.rawValue) else {
            let detail = "has no schema here, and only registered types are taken"
            return acceptsUnknownTypes ? [] : [flaw("\(pointer)/type", detail)]
        }
        guard schemas.document(type: type.type, version: event.schemaVersion) != nil else {
            let newest = type.newest.path.version
            return [flaw("\(pointer)/schemaVersion", "has no schema; the newest version of this type is \(newest)")]
        }
        guard case .json(let payload) = event.payload else {
            return [flaw("\(pointer)/contentType", "is not application/json, which this type's schema describes")]
        }
        let violations = schemas.violations(
            of: payload, type: type.type, version: event.schemaVersion, acceptsUnknownFields: acceptsUnknownFields)
        return violations.map { flaw("\(pointer)/payload\($0.pointer)", $0.problem) }
    }

    private func flaw(_ pointer: String, _ detail: String) -> Problem.Flaw {
        Problem.Flaw(.body(pointer: pointer), detail)
    }
}
