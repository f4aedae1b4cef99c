public import EventSourcing
public import HTTPSupport
internal import HTTPTypes
public import Logging
public import Payments
public import ServiceLifecycle

/// Takes the shop's commands over HTTP.
///
/// A command carries an `Idempotency-Key` and is carried out once for it; what was done is known from the log, so a key
/// is good for ever and in every process. A command that was refused has left no trace, and its repeat is decided anew;
/// a refund that the provider has declined is on record.
public struct CommandAPI: Service {
    private let server: HTTPServer

    /// - Parameters:
    ///   - locationBase: Goes before the paths of `Location` header fields: where the query API is reached from
    ///     outside. Empty: at the same place.
    /// - Throws: ``HTTPServerError/Code/needsTokens`` when others could reach an API that asks nobody who they are.
    public init(
        commands: any CommandPort, payments: PaymentService, prices: any PriceSource,
        server configuration: HTTPServer.Configuration, authenticator: Authenticator, probes: ServiceProbes,
        locationBase: String = "", logger: Logger
    ) throws(HTTPServerError) {
        let routes = CommandRoutes(
            commands: commands, payments: payments, prices: prices, locationBase: locationBase)
        server = try HTTPServer(
            configuration, api: "commands", authenticator: authenticator, probes: probes,
            openAPI: PackageResources.openapi_json, translator: .commands, logger: logger, addRoutes: routes.add)
    }

    /// Serves until the task is cancelled or a graceful shutdown is asked for.
    ///
    /// - Throws: ``HTTPServerError`` when it cannot listen.
    public func run() async throws { try await server.run() }

    /// The port that it listens on; waits until it does.
    public var port: Int { get async throws { try await server.port } }

    /// Every route, with its method: `POST /orders/{id}/cancel`.
    var routes: [String] { server.routes }
}

extension ErrorTranslator {
    /// The payment provider's failures: what it did is unknown until the same request is sent again.
    static let commands = ErrorTranslator { error in
        switch error {
        case PaymentProviderError.keyReused: .idempotencyKeyReused
        case let error as PaymentProviderError:
            .unavailable(
                code: "paymentProviderUnavailable",
                "\(error.description.capitalisedSentence) Send the same request again to learn its outcome.")
        default: nil
        }
    }
}
