public import EventSourcing
public import HTTPTypes

/// The client's own name for a command: the same key is the same command, once (IETF
/// draft-ietf-httpapi-idempotency-key-header). A key belongs to who sends it.
public struct IdempotencyKey: Sendable, Hashable {
    static let lengthMax = 255

    public let text: String

    /// The key of a request; with the quotes of a structured field or without.
    ///
    /// - Throws: 400 when there is none, or it is not 1 to 255 printable ASCII characters.
    public init(_ headers: HTTPFields) throws(Problem) {
        guard let field = headers[.idempotencyKey] else {
            throw Problem(
                .badRequest, code: "idempotencyKeyMissing", title: "Idempotency key missing",
                detail: "A command carries an Idempotency-Key of its own, so that it can be repeated safely.",
                flaws: [.init(.header("Idempotency-Key"), "is missing")])
        }
        let isQuoted = field.utf8.count >= 2 && field.hasPrefix("\"") && field.hasSuffix("\"")
        text = isQuoted ? String(field.dropFirst().dropLast()) : field
        guard (1...Self.lengthMax).contains(text.utf8.count), text.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else {
            throw .badRequest(
                .header("Idempotency-Key"), "is not 1 to \(Self.lengthMax) printable ASCII characters")
        }
    }

    /// The command that `principal` calls by this key at this address.
    public func commandID(_ principal: Principal, _ method: HTTPRequest.Method, _ path: String) -> CommandID {
        .derived(from: principal.caller, text, "\(method) \(path)")
    }
}
