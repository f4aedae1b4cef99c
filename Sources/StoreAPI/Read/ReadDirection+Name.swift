internal import EventSourcing
internal import HTTPSupport

extension QueryParameters {
    /// The parameter `direction`: `forwards` unless it says something else.
    func direction() throws(Problem) -> ReadDirection {
        try value("direction", "forwards or backwards") { name in
            switch name {
            case "forwards": .forwards
            case "backwards": .backwards
            default: nil
            }
        } ?? .forwards
    }

    /// The parameter `limit`.
    func limit(orElse count: Int = 100) throws(Problem) -> Int { try integer("limit", in: 1...1_000) ?? count }

    /// A position or a revision.
    func ordinal<Value: Ordinal>(_ name: String, as _: Value.Type = Value.self) throws(Problem) -> Value? {
        try integer(name, in: 0...Int.max).map { Value(rawValue: Int64($0)) }
    }
}
