public import EventCodec
public import HTTPTypes

/// Why a request is not answered with what it asked for: a problem document (RFC 9457).
public struct Problem: Error, Sendable, Hashable {
    /// One thing that is wrong with a request.
    public struct Flaw: Sendable, Hashable {
        /// What of the request is wrong.
        public enum Place: Sendable, Hashable {
            /// A JSON pointer (RFC 6901) into the body.
            case body(pointer: String)
            case query(parameter: String)
            case header(String)
        }

        public let place: Place
        /// What is wrong there: the end of a sentence. Never quotes a value, which may be personal.
        public let detail: String

        public init(_ place: Place, _ detail: String) {
            self.place = place
            self.detail = detail
        }
    }

    public var status: HTTPResponse.Status
    /// For programs, in lowerCamelCase: the last part of the problem's type. Once published it never changes.
    public var code: String
    /// The kind of problem in a few words, the same each time.
    public var title: String
    /// What happened this time, whether anything was changed, and what to do next.
    public var detail: String
    public var flaws: [Flaw]
    /// What a program needs to go on, in fields of the problem's own (RFC 9457, section 3.2).
    public var members: JSONObject
    /// What the answer's header says besides.
    public var headers: HTTPFields
    /// Why the service cannot do its work: for its log, and not for the client. No value of a request.
    public var cause: String?

    public init(
        _ status: HTTPResponse.Status, code: String, title: String, detail: String, flaws: [Flaw] = [],
        members: JSONObject = [:], headers: HTTPFields = [:], cause: String? = nil
    ) {
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        self.flaws = flaws
        self.members = members
        self.headers = headers
        self.cause = cause
    }
}
