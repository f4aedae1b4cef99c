internal import EventSourcing
internal import HTTPSupport

extension EventFilter {
    /// The parameters that a filter is made of; each may come many times.
    static let parameters = ["category", "type", "tag"]

    /// Events of any of the categories and any of the types that carry all of the tags.
    ///
    /// - Throws: 400 for what no event can have.
    init(_ query: QueryParameters) throws(Problem) {
        let categories = try query.list("category", StreamCategory.phrase) { StreamCategory(rawValue: $0) }
        let types = try query.list("type", EventType.phrase) { EventType(rawValue: $0) }
        let tags = try query.list("tag", EventTag.phrase) { EventTag(rawValue: $0) }
        guard tags.count <= EventQuery.criteriaMax else {
            throw .badRequest(.query(parameter: "tag"), "is given more than \(EventQuery.criteriaMax) times")
        }
        let ofTypes = types.isEmpty ? nil : Set(types)
        self.init(categories: categories.isEmpty ? nil : Set(categories))
        // The index of tags knows types, too.
        if tags.isEmpty {
            self.types = ofTypes
        } else {
            self.query = EventQuery([.init(tags: Set(tags), types: ofTypes)])
        }
    }
}
