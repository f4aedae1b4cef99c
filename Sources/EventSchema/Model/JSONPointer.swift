/// A place in a JSON document (RFC 6901): `/properties/lines/items`.
public struct JSONPointer: Sendable, Hashable, CustomStringConvertible {
    private var tokens: [String] = []

    /// The whole document.
    public init() {}

    public func appending(_ token: String) -> JSONPointer {
        var longer = self
        longer.tokens.append(token)
        return longer
    }

    public func appending(_ index: Int) -> JSONPointer { appending(String(index)) }

    public var isRoot: Bool { tokens.isEmpty }

    public var description: String {
        tokens.map { "/" + $0.replacing("~", with: "~0").replacing("/", with: "~1") }.joined()
    }

    /// For a sentence: the pointer, or a word for the whole document.
    var phrase: String { isRoot ? "the document" : description }
}
