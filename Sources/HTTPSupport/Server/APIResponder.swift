internal import EventSourcing
internal import HTTPTypes
public import Hummingbird
internal import Logging

/// The outermost layer of an API: whatever happens further in, the client gets an answer in due form, and it is
/// counted.
public struct APIResponder: HTTPResponder {
    let router: RouterResponder<APIContext>
    let allowed: AllowedMethods
    let translator: ErrorTranslator
    let metrics: AccessMetrics
    let outages = OutageLog()

    public func respond(to request: Request, context: APIContext) async throws -> Response {
        let began = ContinuousClock.now
        var context = context
        var response: Response
        do {
            context.correlationID = try request.correlationID() ?? context.correlationID
            response = try inDueForm(try await router.respond(to: request, context: context), request)
        } catch {
            response = problem(for: error, request, context).response(context.correlationID)
        }
        response.headers[.strataCorrelation] = context.correlationID.description
        response.headers[.xContentTypeOptions] = "nosniff"
        metrics.count(request.method, route: context.endpointPath, response.status, began.duration(to: .now))
        return request.method == .head ? response.createHeadResponse() : response
    }

    /// The framework answers some requests by itself, with a bare status.
    private func inDueForm(_ response: Response, _ request: Request) throws(Problem) -> Response {
        guard response.status.code >= 400, response.headers[.contentType] != "application/problem+json" else {
            return response
        }
        let methods = response.status == .notFound ? allowed.methods(at: request.uri.path) : []
        guard methods.isEmpty else { throw .methodNotAllowed(methods) }
        throw Problem(status: response.status)
    }

    private func problem(for error: any Error, _ request: Request, _ context: APIContext) -> Problem {
        let problem = translator.problem(for: error)
        if problem == nil || (error as? EventStoreError)?.isForOperators == true {
            context.logger.error(
                problem == nil ? "a request failed unexpectedly" : "a request needs what the store cannot read",
                metadata: [
                    "method": "\(request.method)", "route": "\(context.endpointPath ?? "")",
                    "correlation": "\(context.correlationID)", "error": "\(safeDescription(of: error))",
                ])
        }
        if let problem { outages.report(problem, context.logger, route: context.endpointPath) }
        return problem ?? .internalError
    }
}

/// Descriptions of errors from elsewhere may quote values that are personal: those are named by their type.
private func safeDescription(of error: any Error) -> String {
    switch error {
    case let error as EventCodingError: error.description
    case let error as EventStoreError: error.message
    default: "\(type(of: error))"
    }
}

extension Request {
    fileprivate func correlationID() throws(Problem) -> CorrelationID? {
        guard let text = headers[.strataCorrelation] else { return nil }
        guard let id = CorrelationID(text) else {
            throw .badRequest(.header("Strata-Correlation"), "is not a UUID")
        }
        return id
    }
}
