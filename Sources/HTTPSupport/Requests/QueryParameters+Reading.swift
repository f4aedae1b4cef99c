package import EventSourcing

/// The parameters of reads of streams and logs.
extension QueryParameters {
    /// The parameter `direction`: `forwards` unless it says something else.
    package func direction() throws(Problem) -> ReadDirection {
        try value("direction", "forwards or backwards") { ReadDirection(rawValue: $0) } ?? .forwards
    }

    /// The parameter `limit`.
    package func limit(orElse count: Int = 100) throws(Problem) -> Int {
        try integer("limit", in: 1...1_000) ?? count
    }

    /// How much to put on a page of events, which ends earlier when it has grown large.
    package func pageSize() throws(Problem) -> PageSize {
        PageSize(events: try limit(), bytes: PageSize.answerBytesMax)
    }

    /// A position or a revision.
    package func ordinal<Value: Ordinal>(_ name: String, as _: Value.Type = Value.self) throws(Problem) -> Value? {
        try integer(name, in: 0...Int.max).map { Value(rawValue: Int64($0)) }
    }
}

extension PageSize {
    /// Bytes of events in one answer, but for the last of them.
    package static let answerBytesMax = 4 << 20
}
