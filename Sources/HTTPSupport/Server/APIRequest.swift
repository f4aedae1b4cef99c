public import EventCodec
public import EventSourcing
public import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// A request whose sender is known and may send it.
public struct APIRequest: Sendable {
    public let principal: Principal
    public let correlationID: CorrelationID
    /// The media type to answer in: the route's best one that the client accepts.
    public let answerType: MediaType
    let request: Request
    let channel: any Channel
    private let parameters: Parameters

    init(_ request: Request, _ context: APIContext, _ principal: Principal, answerType: MediaType) {
        self.request = request
        self.principal = principal
        self.answerType = answerType
        correlationID = context.correlationID
        channel = context.channel
        parameters = context.parameters
    }

    public var method: HTTPRequest.Method { request.method }
    public var headers: HTTPFields { request.headers }

    /// The path in the one form that all spellings of it share: decoded, without empty segments.
    public var path: String {
        request.uri.path.split(separator: "/").reduce(into: "") { $0 += "/" + ($1.percentDecoded ?? String($1)) }
    }

    /// The part of the path that a route's `{name}` stands for.
    ///
    /// - Throws: 404 when it is not text.
    public func parameter(_ name: Substring) throws(Problem) -> String {
        guard let text = parameters[name]?.percentDecoded else { throw .notFound() }
        return text
    }

    /// The query parameters: each of `names` at most once, and each of `lists` any number of times.
    public func query(_ names: String..., lists: [String] = []) throws(Problem) -> QueryParameters {
        try QueryParameters(request.uri.query ?? "", allowed: names, lists: lists)
    }

    /// The body, which must be JSON; an absent one is an empty object.
    public func body() async throws(Problem) -> JSONValue { try await bodyAndBytes().value }

    /// The body, which must be JSON, and its bytes; an absent one is an empty object.
    ///
    /// - Parameters:
    ///   - bytesMax: A longer one is a 413.
    ///   - depthMax: How deep objects and arrays may be nested in it.
    public func bodyAndBytes(
        bytesMax: Int = HTTPLimits.bodyBytesMax, depthMax: Int = JSONReader.depthLimit
    ) async throws(Problem) -> (value: JSONValue, bytes: [UInt8]) {
        try await RequestBodyReader(request, bytesMax: bytesMax, depthMax: depthMax).json()
    }

    /// Whether a body follows the head.
    public var announcesBody: Bool {
        headers[.transferEncoding] != nil || !["0", nil].contains(headers[.contentLength])
    }

    /// A header field with text for history.
    ///
    /// - Throws: 400 when it is empty, longer than `lengthMax` characters, holds control characters or was not UTF-8.
    public func text(_ name: HTTPField.Name, lengthMax: Int) throws(Problem) -> String? {
        try request.headers.text(name, lengthMax: lengthMax)
    }
}

extension HTTPFields {
    func text(_ name: HTTPField.Name, lengthMax: Int) throws(Problem) -> String? {
        guard let text = self[name] else { return nil }
        let characters = text.unicodeScalars
        guard (1...lengthMax).contains(characters.count),
            // Bytes that are no UTF-8 come as U+FFFD.
            characters.allSatisfy({ $0.properties.generalCategory != .control && $0 != "\u{FFFD}" })
        else {
            throw .badRequest(
                .header(name.rawName), "is not 1 to \(lengthMax) characters in UTF-8 without control characters")
        }
        return text
    }
}
