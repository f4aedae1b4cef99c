public import EventSourcing
public import HTTPTypes

/// What a document or a stream is at: its stream's revision, `"7"`.
///
/// A document that takes in other streams has a mark besides, `"7-5e0c"`, which changes with them. A precondition on
/// the stream looks at the revision alone.
public struct EntityTag: Sendable, Hashable, CustomStringConvertible {
    public let revision: Revision
    public let mark: String?

    public init(_ revision: Revision, mark: String? = nil) {
        self.revision = revision
        self.mark = mark
    }

    /// As it stands in a header field, with its quotes.
    public var description: String { "\"\(revision)\(mark.map { "-\($0)" } ?? "")\"" }

    /// Whether a client that sends these header fields has this very document.
    public func isKnown(to headers: HTTPFields) -> Bool {
        let known = headers[values: .ifNoneMatch].flatMap { $0.split(separator: ",").map(\.trimmed) }
        return known.contains { $0 == "*" || ($0.hasPrefix("W/") ? $0.dropFirst(2) : $0) == description }
    }
}

extension ExpectedRevision {
    /// What a client requires of the stream that it writes to, by `If-Match` and `If-None-Match`.
    ///
    /// - Parameter takesMarks: Whether tags with a mark are given out, which look at other streams, too.
    /// - Throws: 400 for what cannot be understood, and 412 for a tag that no stream of ours can have.
    public init(preconditions headers: HTTPFields, takesMarks: Bool = true) throws(Problem) {
        switch (headers[.ifMatch], headers[.ifNoneMatch]) {
        case (nil, nil): self = .any
        case (nil, "*"): self = .noStream
        case (nil, _?): throw .badRequest(.header("If-None-Match"), "is not '*', the only value that a command takes")
        case (_?, _?): throw .badRequest(.header("If-None-Match"), "is given together with If-Match")
        case ("*", nil): self = .streamExists
        case (let tag?, nil): self = .exact(try revision(tag, takesMarks: takesMarks))
        }
    }
}

private func revision(_ tag: String, takesMarks: Bool) throws(Problem) -> Revision {
    guard tag.utf8.count >= 2, tag.hasPrefix("\""), tag.hasSuffix("\""),
        case let content = tag.dropFirst().dropLast(), !content.contains("\"")
    else {
        throw .badRequest(
            .header("If-Match"),
            "is not one strong entity tag, or '*': send one revision in quotes, as the ETag gave it")
    }
    let digits = takesMarks ? content.prefix { $0 != "-" } : content
    // As it is written in a tag: without a sign and leading zeros.
    guard let number = Int64(digits), number >= 0, String(number) == digits else {
        throw .preconditionFailed("If-Match names no revision that the stream can have. Nothing was changed.")
    }
    return Revision(rawValue: number)
}
