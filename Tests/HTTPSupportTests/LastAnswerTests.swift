import HTTPSupport
import HTTPTestSupport
import Support
import Telemetry
import Testing

struct LastAnswerTests {
    /// Well below the time after which a silent connection is closed.
    private static let promptly = Duration.seconds(10)

    @Test(arguments: [
        "GET /things/1 HTTP/1.1\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n",
        "GET /things/1 HTTP/1.1\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n",
        "GET /things/1 HTTP/1.1\r\nConnection: Close\r\n",
    ])
    func `answers the last request of a connection, and closes it`(head: String) async throws {
        try await withServer { client, _ in
            let began = ContinuousClock.now
            let reply = try await RawConnection.exchange(
                client.port,
                "\(head)Host: localhost\r\n\r\nGET /things/2 HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(reply.hasPrefix("HTTP/1.1 200"))
            #expect(reply.lowercased().contains("\r\nconnection: close\r\n"))
            #expect(reply.contains("\"1\"") && !reply.contains("\"2\""))
            #expect(began.duration(to: .now) < Self.promptly)
        }
    }

    @Test(arguments: [
        "CONNECT localhost:443 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /things/1 HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
    ])
    func `does not take what follows where another protocol was asked for`(head: String) async throws {
        try await withServer { client, _ in
            let (answer, sent) = try await RawConnection.keepSending(
                client.port, head, piece: 65_536, every: .milliseconds(1))
            #expect(answer.hasPrefix(head.hasPrefix("CONNECT") ? "HTTP/1.1 404" : "HTTP/1.1 200"), "\(answer)")
            #expect(answer.lowercased().contains("\r\nconnection: close\r\n"))
            // No more than what the system keeps for either side.
            #expect(sent < 32 << 20)
        }
    }

    @Test func `does not wait for the rest of a body that it has refused`() async throws {
        let body = "Host: localhost\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{"
        try await withServer(.tokens([])) { client, _ in
            try await refusal(client.port, "POST /echo HTTP/1.1\r\n\(body)", 401)
            try await refusal(client.port, "POST /nowhere HTTP/1.1\r\n\(body)", 404)
        }
        try await withServer { client, _ in
            let large = body.split(separator: "100000").joined(separator: "100000000")
            try await refusal(client.port, "POST /echo HTTP/1.1\r\n\(large)", 413)
            try await refusal(client.port, "POST /echo HTTP/1.1\r\n\(body)".replacingLocalhost, 403)
        }
    }

    /// A client that sends a byte every now and then does not keep its connection.
    private func refusal(_ port: Int, _ text: String, _ status: Int) async throws {
        let (answer, _) = try await RawConnection.keepSending(port, text, piece: 1, every: .milliseconds(200))
        #expect(answer.hasPrefix("HTTP/1.1 \(status)"), "\(answer)")
        #expect(answer.lowercased().contains("\r\nconnection: close\r\n"), "\(answer)")
    }

    @Test func `keeps a connection whose requests have arrived`() async throws {
        try await withServer(.tokens([])) { client, _ in
            let request = "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}"
            let reply = try await RawConnection.exchange(client.port, request + request, endsSending: true)
            #expect(reply.split(separator: "HTTP/1.1 401").count == 2, "\(reply)")
            #expect(!reply.lowercased().contains("connection: close"))
        }
    }

    @Test func `counts a request as under way until its answer is taken`() async throws {
        let registry = MetricsRegistry()
        let probes = ServiceProbes(metricsText: { registry.render() }, metrics: registry)
        try await withServer(probes: probes) { client, _ in
            try await client.stream("/endless") { _, lines in
                let line = try await lines.next()
                #expect(line == "x")
                let metrics = try await client.get("/metrics").text
                #expect(metrics.contains("in_flight{api=\"test\"} 2"))
            }
            // The server learns a little later that the client has gone.
            try await eventually {
                try await client.get("/metrics").text.contains("in_flight{api=\"test\"} 1")
            }
            let metrics = try await client.get("/metrics").text
            #expect(
                metrics.contains(
                    #"http_server_requests_total{api="test",method="GET",route="/endless",status="200"} 1"#))
        }
    }
}

extension String {
    /// The same request to a name that is not this machine's.
    fileprivate var replacingLocalhost: String { split(separator: "localhost").joined(separator: "elsewhere.example") }
}
