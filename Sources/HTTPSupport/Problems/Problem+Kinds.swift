internal import EventCodec
internal import HTTPTypes

/// The request as such: where it goes and who sends it.
extension Problem {
    public static func notFound(_ detail: String = "There is nothing at this address.") -> Problem {
        Problem(.notFound, code: "notFound", title: "Not found", detail: detail)
    }

    static func methodNotAllowed(_ allowed: [HTTPRequest.Method]) -> Problem {
        let methods = allowed.map(\.rawValue).joined(separator: ", ")
        return Problem(
            .methodNotAllowed, code: "methodNotAllowed", title: "Method not allowed",
            detail: "This address takes \(methods).", headers: [.allow: methods])
    }

    static func notAcceptable(_ types: [MediaType]) -> Problem {
        Problem(
            .notAcceptable, code: "notAcceptable", title: "Not acceptable",
            detail: """
                This address answers with \(types.map(\.rawValue).joined(separator: " or ")), which the Accept header \
                does not allow.
                """)
    }

    static func unauthenticated(_ detail: String) -> Problem {
        Problem(
            .unauthorized, code: "unauthenticated", title: "Not authenticated", detail: detail,
            headers: [.wwwAuthenticate: "Bearer realm=\"strata\""])
    }

    /// The caller is known, and may not do this.
    public static func forbidden(_ detail: String) -> Problem {
        Problem(.forbidden, code: "forbidden", title: "Forbidden", detail: detail)
    }

    static func requestTimeout(_ detail: String) -> Problem {
        Problem(
            .requestTimeout, code: "requestTimeout", title: "Request timeout", detail: detail,
            headers: [.connection: "close"])
    }
}

/// What is in the request.
extension Problem {
    /// A header field or a query parameter is missing or malformed.
    public static func badRequest(_ flaws: [Flaw]) -> Problem {
        Problem(
            .badRequest, code: "badRequest", title: "Bad request",
            detail: "The request cannot be understood. Nothing was changed.", flaws: flaws)
    }

    /// A header field or a query parameter is missing or malformed.
    public static func badRequest(_ place: Flaw.Place, _ detail: String) -> Problem {
        badRequest([Flaw(place, detail)])
    }

    static func malformedBody(_ detail: String) -> Problem {
        Problem(.badRequest, code: "malformedBody", title: "Malformed body", detail: detail)
    }

    /// The body is JSON, and not what this address takes.
    public static func invalidBody(_ flaws: [Flaw]) -> Problem {
        Problem(
            .unprocessableContent, code: "invalidBody", title: "Invalid body",
            detail: "The body is not what this address takes. Nothing was changed.", flaws: flaws)
    }

    static func bodyTooLarge(limit: Int) -> Problem {
        Problem(
            .contentTooLarge, code: "bodyTooLarge", title: "Body too large",
            detail: "A body has at most \(limit) bytes. Nothing was changed.",
            members: ["limit": "bodyBytesMax", "maximum": .integer(limit)])
    }

    static let unsupportedMediaType = Problem(
        .unsupportedMediaType, code: "unsupportedMediaType", title: "Unsupported media type",
        detail: "A body is sent as application/json.", headers: [.accept: "application/json"])
}

/// The state that the request meets.
extension Problem {
    public static func preconditionFailed(_ detail: String) -> Problem {
        Problem(.preconditionFailed, code: "preconditionFailed", title: "Precondition failed", detail: detail)
    }

    static func conflict(_ detail: String) -> Problem {
        Problem(.conflict, code: "conflict", title: "Conflict", detail: detail)
    }

    /// The key names another request of the same caller.
    public static let idempotencyKeyReused = Problem(
        .unprocessableContent, code: "idempotencyKeyReused", title: "Idempotency key reused",
        detail: "The Idempotency-Key was used before, for another request. Nothing was changed; use a new key.")

    static let requestInProgress = Problem(
        .conflict, code: "requestInProgress", title: "Request in progress",
        detail: "The request with this Idempotency-Key is still being worked on. Repeat it to learn its outcome.",
        headers: [.retryAfter: "1"])
}

/// The service itself.
extension Problem {
    /// The service cannot do it now. Sending the same request again is safe.
    ///
    /// - Parameter cause: For the service's log.
    public static func unavailable(
        code: String = "unavailable", _ detail: String, retryAfterSeconds: Int = 5, cause: String? = nil
    ) -> Problem {
        Problem(
            .serviceUnavailable, code: code, title: "Service unavailable", detail: detail,
            headers: [.retryAfter: String(retryAfterSeconds)], cause: cause)
    }

    static let internalError = Problem(
        .internalServerError, code: "internalError", title: "Internal error",
        detail: "Something unexpected happened, and was logged under this problem's instance.")
}
