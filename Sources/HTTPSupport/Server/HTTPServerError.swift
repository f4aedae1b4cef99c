internal import Glibc
internal import NIOCore

/// Why a server cannot serve.
public struct HTTPServerError: Error, Sendable, CustomStringConvertible {
    /// The kinds of failure. New ones may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Base: String { case portInUse, notPermitted, addressUnavailable, needsTokens, failed, stopped }
        private let base: Base

        /// Another program listens on the port.
        public static let portInUse = Code(base: .portInUse)
        /// The system does not let this user have the port.
        public static let notPermitted = Code(base: .notPermitted)
        /// This machine does not have the address.
        public static let addressUnavailable = Code(base: .addressUnavailable)
        /// Others could reach the server, and nobody would have to say who they are.
        public static let needsTokens = Code(base: .needsTokens)
        /// Something else went wrong.
        public static let failed = Code(base: .failed)
        /// The server was stopped, or never run.
        public static let stopped = Code(base: .stopped)

        public var description: String { base.rawValue }
    }

    public let code: Code
    /// One sentence with the way out.
    public let message: String
    public let cause: (any Error)?

    init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    public var description: String { message }
}

extension HTTPServerError {
    /// What went wrong when a server was to listen.
    init(_ error: any Error, _ configuration: HTTPServer.Configuration) {
        let (host, port, option) = (configuration.host, configuration.port, configuration.portOption)
        switch (error as? IOError)?.errnoCode {
        case EADDRINUSE:
            self.init(.portInUse, "port \(port) is in use; choose another with \(option)", cause: error)
        case EACCES:
            self.init(.notPermitted, "port \(port) needs more rights; choose another with \(option)", cause: error)
        case EADDRNOTAVAIL:
            self.init(.addressUnavailable, "this machine does not have the address \(host)", cause: error)
        default:
            self.init(.failed, "the server on \(host):\(port) failed: \(error)", cause: error)
        }
    }

    static func needsTokens(_ host: String) -> HTTPServerError {
        HTTPServerError(
            .needsTokens,
            "without tokens only this machine may reach the API, and \(host) is for others, too; "
                + "use a token file or listen on 127.0.0.1")
    }

    static let stopped = HTTPServerError(.stopped, "the server was stopped")
}
