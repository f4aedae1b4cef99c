internal import HTTPTypes
internal import Hummingbird

extension Request {
    /// Whether the body is said to be `application/json`, whatever its parameters.
    var hasJSONContentType: Bool {
        guard let type = headers[.contentType]?.prefix(while: { $0 != ";" }) else { return false }
        return type.trimmed.lowercased() == "application/json"
    }

    /// The one of `types` that the client takes: one that it names rather than one that it takes among others. A client
    /// that does not say takes anything (RFC 9110, 12.5.1).
    func accepted(among types: [MediaType]) -> MediaType? {
        let ranges = headers[values: .accept].flatMap { $0.split(separator: ",") }.compactMap(acceptableRange)
        guard !headers[values: .accept].isEmpty else { return types.first }
        return types.first { ranges.contains($0.rawValue) }
            ?? types.first { ranges.contains("*/*") || ranges.contains($0.family + "/*") }
    }
}

/// A media range such as `application/*;q=0.8`, without its parameters; `nil` when its weight is 0.
private func acceptableRange(_ range: Substring) -> String? {
    let parts = range.split(separator: ";").map(\.trimmed)
    let weight = parts.dropFirst().first { $0.hasPrefix("q=") }?.dropFirst(2)
    return weight.flatMap { Double($0) } == 0 ? nil : parts.first?.lowercased()
}

extension Substring {
    /// Without the blanks around it.
    var trimmed: Substring {
        var text = self
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
