/// The parameters of a request's query, which is read as forms are sent (WHATWG URL, section 5.1): `+` is a blank.
public struct QueryParameters: Sendable {
    /// More than this many of one name are not taken.
    private static let listMax = 64

    private var values: [String: [String]] = [:]

    /// - Parameters:
    ///   - allowed: Names that may come once.
    ///   - lists: Names that may come many times.
    /// - Throws: 400 when a parameter is unknown, given too often or malformed.
    init(_ query: String, allowed: [String], lists: [String] = []) throws(Problem) {
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = parts[0].formDecoded, allowed.contains(name) || lists.contains(name) else {
                throw .badRequest(
                    .query(parameter: Self.shown(parts[0])), "is not a parameter of this address")
            }
            guard let value = parts.dropFirst().first?.formDecoded, !value.isEmpty else {
                throw .badRequest(.query(parameter: name), "is empty or malformed")
            }
            values[name, default: []].append(value)
            let countMax = lists.contains(name) ? Self.listMax : 1
            guard values[name, default: []].count <= countMax else {
                throw .badRequest(
                    .query(parameter: name), "is given more than \(countMax == 1 ? "once" : "\(countMax) times")")
            }
        }
    }

    /// A parameter as what `parse` makes of its text; `nil` when it is not there.
    ///
    /// - Parameter what: What it should be, with its article: `a day such as 2026-01-31`.
    /// - Throws: 400 when `parse` returns `nil`.
    public func value<Value>(
        _ name: String, _ what: @autoclosure () -> String, _ parse: (String) -> Value?
    ) throws(Problem) -> Value? {
        guard let text = values[name]?.first else { return nil }
        guard let value = parse(text) else { throw .badRequest(.query(parameter: name), "is not \(what())") }
        return value
    }

    /// Every value of a parameter that may come many times.
    ///
    /// - Parameter what: What each should be, with its article.
    /// - Throws: 400 when `parse` returns `nil`.
    public func list<Value>(
        _ name: String, _ what: @autoclosure () -> String, _ parse: (String) -> Value?
    ) throws(Problem) -> [Value] {
        var list: [Value] = []
        for text in values[name] ?? [] {
            guard let value = parse(text) else { throw .badRequest(.query(parameter: name), "is not \(what())") }
            list.append(value)
        }
        return list
    }

    /// A whole number.
    public func integer(_ name: String, in range: ClosedRange<Int>) throws(Problem) -> Int? {
        try value(name, "a whole number from \(range.lowerBound) to \(range.upperBound)") { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// Names of parameters are short and plain; anything else is not repeated.
    private static func shown(_ name: Substring) -> String {
        name.utf8.count <= 64 && name.utf8.allSatisfy { (0x21...0x7E).contains($0) } ? String(name) : "…"
    }
}
