internal import EventCodec
internal import EventSourcing
internal import HTTPSupport
internal import Hummingbird

extension StoreRoutes {
    static let reasonLengthMax = 500
    /// A payload may be as deep as any document, and stands in an event in a list in a stream in a list in the body.
    /// The store holds each payload to the exact limit.
    private static let depthMax = JSONReader.depthLimit + 5

    /// `POST /streams/{stream}`
    @Sendable func appendToStream(_ request: APIRequest) async throws -> Response {
        let stream = try request.stream()
        let expected = try ExpectedRevision(preconditions: request.headers, takesMarks: false)
        let (body, bytes) = try await read(request)
        let append = try AppendBody(body, stream: stream, expected: expected, configuration.appendLimits)
        let receipt = try await record(append, bytes, request, precondition: expected == .any ? nil : stream)
        return AppendReply(receipt: receipt).response(aboutOneStream: true)
    }

    /// `POST /appends`
    @Sendable func appendToStreams(_ request: APIRequest) async throws -> Response {
        let (body, bytes) = try await read(request)
        let append = try AppendBody(body, configuration.appendLimits)
        let receipt = try await record(append, bytes, request, precondition: nil)
        return AppendReply(receipt: receipt).response(aboutOneStream: false)
    }

    private func read(_ request: APIRequest) async throws -> (JSONValue, [UInt8]) {
        try await request.bodyAndBytes(bytesMax: configuration.limits.bodyBytesMax, depthMax: Self.depthMax)
    }

    /// - Parameter precondition: The stream about which the request's header fields say something.
    private func record(
        _ append: AppendBody, _ bytes: [UInt8], _ request: APIRequest, precondition: StreamName?
    ) async throws -> AppendReceipt {
        let appends = try streamAppends(append, bytes, request)
        try configuration.appendLimits.checkSizes(of: appends)
        try SchemaCheck(configuration).check(append)
        do throws(EventStoreError) {
            return try await store.append(appends, provided: append.conditions)
        } catch {
            if let problem = Problem(append: error, precondition: precondition) { throw problem }
            throw error
        }
    }

    private func streamAppends(
        _ append: AppendBody, _ bytes: [UInt8], _ request: APIRequest
    ) throws -> [StreamAppend] {
        let reason = try request.text(.strataReason, lengthMax: Self.reasonLengthMax)
        var payloads = try RawPayloads(jsonBytes: bytes, depthMax: Self.depthMax).payloads[...]
        // A payload that was taken for another event's would stay wrong for ever.
        guard payloads.count == append.streams.reduce(0, { $0 + $1.events.count }) else {
            throw PayloadsNotFound()
        }
        return append.streams.map { stream in
            let events = stream.events.map { event in
                NewEvent(event, raw: payloads.removeFirst(), request, reason: reason)
            }
            return StreamAppend(stream: stream.stream, expected: stream.expected, events: events)
        }
    }
}

/// The body has other payloads than events: it was read in two ways that do not agree, which is a bug here.
private struct PayloadsNotFound: Error {}

extension NewEvent {
    /// - Parameters:
    ///   - raw: The payload as it stands in the body.
    ///   - reason: Why, when the event itself does not say.
    fileprivate init(_ event: EventBody, raw: [UInt8], _ request: APIRequest, reason: String?) {
        let metadata = EventMetadata(
            correlationID: event.metadata.correlationID ?? request.correlationID,
            causationID: event.metadata.causationID, actor: request.principal.actor,
            reason: event.metadata.reason ?? reason, traceContext: request.headers.traceContext)
        let (contentType, payload): (ContentType, [UInt8]) =
            switch event.payload {
            case .json: (.json, raw)
            case .binary(let bytes): (.binary, bytes)
            }
        self.init(
            id: event.id, type: event.type, schemaVersion: event.schemaVersion, contentType: contentType,
            payload: payload, tags: event.tags, metadata: metadata)
    }
}
