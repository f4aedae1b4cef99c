internal import HTTPTypes
internal import Hummingbird

/// Finds out who sends a request.
public struct Authenticator: Sendable {
    private enum Method: Sendable {
        case tokens(TokenTable)
        case trustThisMachine
    }

    private let method: Method

    /// Bearer tokens (RFC 6750), of which `entries` holds the hashes.
    public static func tokens(_ entries: [TokenEntry]) -> Authenticator {
        Authenticator(method: .tokens(TokenTable(entries)))
    }

    /// Whoever is on this machine may do everything, and says who they are in `Strata-Actor`.
    public static let trustingThisMachine = Authenticator(method: .trustThisMachine)

    private var asksForTokens: Bool { if case .tokens = method { true } else { false } }

    /// Finds out whether a server on `host` may ask nobody who they are, before it is made.
    ///
    /// - Throws: ``HTTPServerError/Code/needsTokens`` when others than this machine could reach it.
    public func requireTokens(on host: String) throws(HTTPServerError) {
        guard asksForTokens || Loopback.isLoopback(host) else { throw .needsTokens(host) }
    }

    /// - Throws: 401 when they do not prove it.
    func principal(of request: Request) throws(Problem) -> Principal {
        switch method {
        case .tokens(let table):
            guard let principal = table[try request.bearerToken()] else {
                throw .unauthenticated("The token is not known.")
            }
            return principal
        case .trustThisMachine:
            try request.requireLocalName()
            let actor = try request.headers.text(.strataActor, lengthMax: TokenEntry.actorLengthMax)
            return Principal(actor: actor ?? "anonymous", roles: .all)
        }
    }
}

extension Request {
    fileprivate func bearerToken() throws(Problem) -> String {
        guard let text = headers[.authorization] else {
            throw .unauthenticated("Send a token: 'Authorization: Bearer …'.")
        }
        let parts = text.split(separator: " ")
        guard parts.count == 2, parts[0].lowercased() == "bearer", parts[1].utf8.count <= 512 else {
            throw .unauthenticated("The Authorization header is not 'Bearer' and a token.")
        }
        return String(parts[1])
    }

    /// A page from elsewhere can make a browser send requests here, under a name that it has had point to this machine.
    fileprivate func requireLocalName() throws(Problem) {
        guard let authority = head.authority, !Loopback.isLoopback(authority: authority) else { return }
        throw .forbidden("Without tokens this service answers to localhost alone.")
    }
}
