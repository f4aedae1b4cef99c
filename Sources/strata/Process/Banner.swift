internal import CommandAPI
internal import EventSourcing
internal import QueryAPI
internal import ServiceLifecycle

/// Says, once the APIs listen, where they are and what to try.
struct Banner: Service {
    let apis: APIs
    let host: String
    /// Whether the printed commands work as they are: the sample product is there and no token is asked for.
    let hasSample: Bool

    func run() async throws {
        guard let commandPort = try await apis.commands?.port, let queryPort = try await apis.queries?.port else {
            return
        }
        let host = host.contains(":") ? "[\(host)]" : host
        // The APIs work whether or not somebody reads this.
        try? printLine(text("http://\(host):\(commandPort)", "http://\(host):\(queryPort)"))
        try? await gracefulShutdown()
    }

    private func text(_ commands: String, _ queries: String) -> String {
        var text = """
            Strata is up.

              commands  \(commands)   (\(commands)/openapi.json)
              queries   \(queries)   (\(queries)/openapi.json)

            """
        if hasSample { text += sample(commands, queries) }
        return text + "\nCtrl-C stops everything.\n"
    }

    private func sample(_ commands: String, _ queries: String) -> String {
        let (actor, key) = ("you", "first-order")
        let order = EventID.derived(from: "order", actor, key)
        return """

            Place an order:

              curl -s -X POST \(commands)/orders -H 'Content-Type: application/json' \\
                -H 'Idempotency-Key: \(key)' -H 'Strata-Actor: \(actor)' \\
                -d '{"customerId":"ada","lines":[{"sku":"\(SampleProduct.sku)","quantity":2}],"cardToken":"tok_approve"}'

            and read it back:

              curl -s \(queries)/orders/\(order)

            """
    }
}
