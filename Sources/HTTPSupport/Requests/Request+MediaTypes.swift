internal import HTTPTypes
internal import Hummingbird

extension Request {
    /// Whether the body is said to be `application/json`, whatever its parameters.
    var hasJSONContentType: Bool {
        guard let type = headers[.contentType]?.prefix(while: { $0 != ";" }) else { return false }
        return type.trimmed.lowercased() == "application/json"
    }

    /// Whether the client takes `application/json`. One that does not say takes anything (RFC 9110, 12.5.1).
    var acceptsJSON: Bool {
        let accepted = headers[values: .accept]
        guard !accepted.isEmpty else { return true }
        return accepted.contains { $0.split(separator: ",").contains(where: isAcceptableRange) }
    }
}

/// Whether a media range such as `application/*;q=0.8` takes in `application/json`.
private func isAcceptableRange(_ range: Substring) -> Bool {
    let parts = range.split(separator: ";").map(\.trimmed)
    guard let type = parts.first?.lowercased(), ["*/*", "application/*", "application/json"].contains(type) else {
        return false
    }
    let weight = parts.dropFirst().first { $0.hasPrefix("q=") }?.dropFirst(2)
    return weight.flatMap { Double($0) } != 0
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
