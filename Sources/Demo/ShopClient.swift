internal import AsyncHTTPClient
internal import EventCodec
internal import NIOCore
internal import NIOHTTP1

/// The shop's public HTTP API, as a customer's program would use it: an answer that did not come, or says "later", is
/// asked for again under the same idempotency key.
struct ShopClient: Sendable {
    private let http: HTTPClient
    private let commandURL: String
    private let queryURL: String
    private let actor: String
    private let token: String?

    /// How long a request is tried again before the demo gives up.
    private static let patience = Duration.seconds(120)

    init(http: HTTPClient, commandURL: String, queryURL: String, actor: String, token: String?) {
        self.http = http
        self.commandURL = commandURL
        self.queryURL = queryURL
        self.actor = actor
        self.token = token
    }

    /// Sends a command.
    ///
    /// - Throws: ``DemoError`` with what the shop said when it refused.
    @discardableResult
    func command(_ path: String, key: String, _ body: JSONObject) async throws -> JSONValue {
        let bytes = body.jsonBytes
        let answer = try await send {
            var request = HTTPClientRequest(url: commandURL + path)
            request.method = .POST
            request.headers.add(name: "content-type", value: "application/json")
            request.headers.add(name: "idempotency-key", value: key)
            request.body = .bytes(ByteBuffer(bytes: bytes))
            return request
        }
        guard (200..<300).contains(answer.status) else {
            throw answer.refusal(of: "POST \(path)")
        }
        return try answer.json
    }

    /// Asks a query.
    ///
    /// - Returns: `nil` when there is no such thing.
    func query(_ path: String) async throws -> JSONValue? {
        let answer = try await send { HTTPClientRequest(url: queryURL + path) }
        if answer.status == 404 { return nil }
        guard answer.status == 200 else {
            throw answer.refusal(of: "GET \(path)")
        }
        return try answer.json
    }

    private struct Answer {
        let status: Int
        let body: ByteBuffer

        var text: String { String(buffer: body) }
        var json: JSONValue {
            get throws { try JSONValue(jsonBytes: [UInt8](buffer: body)) }
        }
        func refusal(of request: String) -> DemoError {
            let advice =
                [401, 403].contains(status)
                ? " This shop asks for tokens: set STRATA_TOKEN to one of role staff (see 'strata tokens --help')." : ""
            return DemoError("\(request) was answered with \(status): \(text)\(advice)")
        }

        var saysLater: Bool { status == 503 || status == 409 && text.contains("\"requestInProgress\"") }
    }

    private func send(_ make: () -> HTTPClientRequest) async throws -> Answer {
        let deadline = ContinuousClock.now.advanced(by: Self.patience)
        var delay = Duration.milliseconds(50)
        while true {
            do {
                var request = make()
                request.headers.add(name: "strata-actor", value: actor)
                if let token { request.headers.add(name: "authorization", value: "Bearer \(token)") }
                let response = try await http.execute(request, timeout: .seconds(30))
                let answer = Answer(
                    status: Int(response.status.code), body: try await response.body.collect(upTo: 4 << 20))
                if !answer.saysLater || ContinuousClock.now > deadline { return answer }
            } catch {
                guard ContinuousClock.now < deadline else {
                    throw DemoError(
                        "the shop does not answer at \(commandURL) and \(queryURL): is 'strata up' running? (\(error))")
                }
            }
            try await Task.sleep(for: delay * Double.random(in: 0.5...1), clock: .continuous)
            delay = min(delay * 2, .seconds(1))
        }
    }
}
