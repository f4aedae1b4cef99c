/// Events that a decision depends on, whatever streams they are in: those that match at least one criterion.
public struct EventQuery: Sendable, Hashable, CustomStringConvertible {
    /// Events that carry all of the tags, and are of one of the types.
    public struct Criterion: Sendable, Hashable, CustomStringConvertible {
        /// One to ``EventQuery/criteriaMax``; an event must carry all of them.
        public var tags: Set<EventTag>
        /// An event must be of one of these types; `nil` takes every type.
        public var types: Set<EventType>?

        public init(tags: Set<EventTag>, types: Set<EventType>? = nil) {
            self.tags = tags
            self.types = types
        }

        public func matches(type: EventType, tags eventTags: Set<EventTag>) -> Bool {
            tags.isSubset(of: eventTags) && types?.contains(type) ?? true
        }

        public var description: String {
            let types = types.map { " of " + $0.map(\.rawValue).sorted().joined(separator: ", ") } ?? ""
            return "events\(types) tagged " + tags.map(\.rawValue).sorted().joined(separator: " and ")
        }
    }

    /// The most criteria of a query, and the most tags of a criterion.
    public static let criteriaMax = 16

    /// One to ``criteriaMax``.
    public var criteria: [Criterion]

    public init(_ criteria: [Criterion]) { self.criteria = criteria }

    /// Events that carry all of `tags`, and are of one of `types`.
    public init(tagged tags: EventTag..., types: Set<EventType>? = nil) {
        criteria = [Criterion(tags: Set(tags), types: types)]
    }

    public func matches(type: EventType, tags: Set<EventTag>) -> Bool {
        criteria.contains { $0.matches(type: type, tags: tags) }
    }

    public var description: String { criteria.map(\.description).joined(separator: ", or ") }

    /// Why no log can be asked this, as a sentence; `nil` when it can.
    var flaw: String? {
        guard (1...Self.criteriaMax).contains(criteria.count) else {
            return "A query has \(criteria.count) criteria; it takes 1 to \(Self.criteriaMax)."
        }
        for criterion in criteria {
            guard (1...Self.criteriaMax).contains(criterion.tags.count) else {
                return "A criterion names \(criterion.tags.count) tags; it takes 1 to \(Self.criteriaMax)."
            }
            guard criterion.tags.allSatisfy({ EventTag.isValid($0.rawValue) }) else { return AppendLimits.tagFlaw }
            guard criterion.types?.allSatisfy({ EventType.isValid($0.rawValue) }) ?? true else {
                return AppendLimits.typeFlaw
            }
        }
        return nil
    }
}
