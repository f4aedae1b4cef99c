internal import HTTPTypes

extension Problem {
    /// The problem behind a bare status, such as one of the HTTP framework's own errors.
    init(status: HTTPResponse.Status) {
        switch status {
        case .notFound: self = .notFound()
        case let status where status.kind == .clientError:
            self.init(status, code: "badRequest", title: "Bad request", detail: "\(status.reasonPhrase).")
        default: self = .internalError
        }
    }
}
