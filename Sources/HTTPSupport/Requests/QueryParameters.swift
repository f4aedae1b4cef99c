/// The parameters of a request's query, each at most once.
public struct QueryParameters: Sendable {
    private var values: [String: String] = [:]

    /// - Throws: 400 when a parameter is unknown, given twice or malformed.
    init(_ query: String, allowed: [String]) throws(Problem) {
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = parts[0].percentDecoded, allowed.contains(name) else {
                throw .badRequest(
                    .query(parameter: Self.shown(parts[0])), "is not a parameter of this address")
            }
            guard let value = parts.dropFirst().first?.percentDecoded, !value.isEmpty else {
                throw .badRequest(.query(parameter: name), "is empty or malformed")
            }
            guard values.updateValue(value, forKey: name) == nil else {
                throw .badRequest(.query(parameter: name), "is given twice")
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
        guard let text = values[name] else { return nil }
        guard let value = parse(text) else { throw .badRequest(.query(parameter: name), "is not \(what())") }
        return value
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
