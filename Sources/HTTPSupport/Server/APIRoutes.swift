public import HTTPTypes
public import Hummingbird

/// Takes the routes of an API, each with the roles that may use it.
public struct APIRoutes {
    let router: Router<APIContext>
    let authenticator: Authenticator

    /// - Parameters:
    ///   - path: With braces around parameters: `orders/{id}`.
    ///   - types: What it can answer with, the one that it likes best first.
    public func on(
        _ method: HTTPRequest.Method, _ path: RouterPath, for roles: Roles,
        answering types: [MediaType] = [.json], _ handle: @escaping @Sendable (APIRequest) async throws -> Response
    ) {
        let authenticator = authenticator
        router.on(path, method: method) { request, context in
            let principal = try authenticator.principal(of: request)
            try principal.require(roles)
            guard let type = request.accepted(among: types) else { throw Problem.notAcceptable(types) }
            return try await handle(APIRequest(request, context, principal, answerType: type))
        }
    }
}
