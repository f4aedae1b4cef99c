public import HTTPTypes
public import Hummingbird

/// Takes the routes of an API, each with the roles that may use it.
public struct APIRoutes {
    let router: Router<APIContext>
    let authenticator: Authenticator

    /// - Parameter path: With braces around parameters: `orders/{id}`.
    public func on(
        _ method: HTTPRequest.Method, _ path: RouterPath, for roles: Roles,
        _ handle: @escaping @Sendable (APIRequest) async throws -> Response
    ) {
        let authenticator = authenticator
        router.on(path, method: method) { request, context in
            let principal = try authenticator.principal(of: request)
            try principal.require(roles)
            guard request.acceptsJSON else { throw Problem.notAcceptable }
            return try await handle(APIRequest(request, context, principal))
        }
    }
}
