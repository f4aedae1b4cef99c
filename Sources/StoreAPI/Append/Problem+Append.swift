internal import EventCodec
internal import EventSourcing
internal import HTTPSupport
internal import HTTPTypes

extension Problem {
    /// Why the store has not taken an append; `nil` for what can befall any request.
    ///
    /// - Parameter precondition: The stream about which the request's header fields say something: when it is not as
    ///   they say, that is a 412 (RFC 9110, 13.1), and a 409 when something is not as the body says.
    init?(append error: EventStoreError, precondition: StreamName?) {
        if let conflict = error.conflict {
            self.init(error, isConditional: conflict.stream == precondition)
            members = [
                "stream": .string(conflict.stream.rawValue),
                "actualRevision": conflict.actual.map { .integer(Int($0.rawValue)) } ?? .null,
            ]
            detail += " Read the stream, decide again, and append with its new revision."
            if conflict.stream == precondition, let actual = conflict.actual {
                headers[.eTag] = EntityTag(actual).description
            }
        } else if let failed = error.failedCondition {
            self.init(
                .conflict, code: "conditionFailed", title: "Condition failed",
                detail: "\(error.message) Read the log from your position on, and decide again.",
                members: ["position": .integer(Int(failed.position.rawValue))])
        } else if error.code == .invalidAppend {
            self.init(
                .unprocessableContent, code: "invalidAppend", title: "The append cannot be recorded",
                detail: error.message)
        } else {
            return nil
        }
    }
}
