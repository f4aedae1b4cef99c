import EventCodec
import HTTPSupport
import HTTPTestSupport
import Logging
import NIOConcurrencyHelpers
import ServiceLifecycle
import Telemetry
import Testing

struct ServerTests {
    @Test func `answers those who watch over it`() async throws {
        let registry = MetricsRegistry()
        let probes = ServiceProbes(metricsText: { registry.render() }, metrics: registry)
        try await withServer(probes: probes) { client, _ in
            #expect(try await client.get("/health").json == ["status": "alive"])
            #expect(try await client.get("/ready").json == ["status": "ready"])
            #expect(try await client.get("/openapi.json").json == ["openapi": "3.1.0"])
            _ = try await client.get("/nowhere/\(1)")
            let metrics = try await client.get("/metrics")
            #expect(metrics["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(
                metrics.text.contains(
                    #"http_server_requests_total{api="test",method="GET",route="/health",status="200"} 1"#))
            #expect(
                metrics.text.contains(
                    #"http_server_requests_total{api="test",method="GET",route="NotFound",status="404"} 1"#))
            #expect(metrics.text.contains(#"http_server_request_duration_seconds_count{api="test""#))
        }
    }

    @Test func `says that it is not ready`() async throws {
        try await withServer(probes: ServiceProbes(readiness: { .notReady("the database is away") })) { client, _ in
            let reply = try await client.get("/ready")
            #expect(reply.status == 503)
            #expect(reply.code == "notReady")
            #expect(reply["retry-after"] == "1")
            #expect(reply.json["detail"] == "Not ready: the database is away.")
        }
    }

    @Test func `asks whether it is ready once, however many want to know`() async throws {
        let asked = NIOLockedValueBox(0)
        let probes = ServiceProbes(readiness: {
            asked.withLockedValue { $0 += 1 }
            try? await Task.sleep(for: .milliseconds(100))
            return .ready
        })
        try await withServer(probes: probes) { client, _ in
            let began = ContinuousClock.now
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<20 { group.addTask { try await client.get("/ready").status } }
                for try await status in group { #expect(status == 200) }
            }
            let seconds = Int(began.duration(to: .now) / .seconds(1))
            #expect(asked.withLockedValue { $0 } <= 1 + seconds)
        }
    }

    @Test func `answers every error with a problem document`() async throws {
        try await withServer { client, _ in
            let unknown = try await client.get("/nowhere")
            #expect(unknown.status == 404)
            #expect(unknown.code == "notFound")
            #expect(unknown.json["type"] == "/problems/notFound")
            #expect(unknown.json["status"] == 404)
            let correlation = unknown["strata-correlation"] ?? ""
            #expect(unknown.json["instance"] == "urn:uuid:\(correlation)")

            let framework = try await client.get("/framework")
            #expect(framework.status == 400)
            #expect(framework.code == "badRequest")
            let overloaded = try await client.get("/overloaded")
            #expect(overloaded.status == 503)
            #expect(overloaded["retry-after"] == "1")
        }
    }

    @Test func `tells a wrong method from an unknown address`() async throws {
        try await withServer { client, _ in
            let reply = try await client.send("PUT", "/things/1")
            #expect(reply.status == 405)
            #expect(reply.code == "methodNotAllowed")
            #expect(reply["allow"] == "DELETE, GET, HEAD")
            #expect(try await client.send("PATCH", "/things/1").status == 405)
            #expect(try await client.send("PUT", "/things").status == 404)
        }
    }

    @Test func `answers HEAD without a body`() async throws {
        try await withServer { client, _ in
            for path in ["/things/1", "/nowhere"] {
                let head = try await client.send("HEAD", path)
                let get = try await client.get(path)
                #expect(head.status == get.status)
                #expect(head.bytes.isEmpty)
                #expect(head["content-length"] == "\(get.bytes.count)")
            }
        }
    }

    @Test func `shows nothing of an unexpected error, and logs no value`() async throws {
        let sink = LineSink()
        let logger = Logger(label: "test") { StrataLogHandler(label: $0, level: .error, format: .json, sink: sink) }
        try await withServer(logger: logger) { client, _ in
            let reply = try await client.get("/unexpected?limit=personal")
            #expect(reply.status == 500)
            #expect(reply.code == "internalError")
            #expect(!reply.text.contains("personal") && !reply.text.contains("Unexpected"))
            #expect(sink.text.contains("Unexpected"))
            #expect(sink.text.contains(reply["strata-correlation"] ?? "-"))
            #expect(!sink.text.contains("personal"))
        }
    }

    @Test func `tells the log, and not the client, what an operator has to do`() async throws {
        let sink = LineSink()
        let logger = Logger(label: "test") { StrataLogHandler(label: $0, level: .error, format: .json, sink: sink) }
        try await withServer(logger: logger) { client, _ in
            let reply = try await client.get("/archived")
            #expect(reply.status == 503)
            #expect(!reply.text.contains("Give the folder."))
            #expect(sink.text.contains("Give the folder."))
            #expect(sink.text.contains(reply["strata-correlation"] ?? "-"))
        }
    }

    @Test func `tells the log, and not the client, why it cannot do its work: once, however many ask`() async throws {
        let sink = LineSink()
        let logger = Logger(label: "test") { StrataLogHandler(label: $0, level: .warning, format: .json, sink: sink) }
        try await withServer(logger: logger) { client, _ in
            for _ in 0..<5 {
                let reply = try await client.get("/away")
                #expect(reply.status == 503)
                #expect(!reply.text.contains("db.example"))
            }
            #expect(sink.text.split(separator: "connection to db.example refused").count == 2)
        }
    }

    @Test func `keeps the client's correlation id`() async throws {
        try await withServer { client, _ in
            let id = "0193a8b0-1c2d-7e3f-8a4b-5c6d7e8f9a0b"
            #expect(try await client.get("/health", headers: ["Strata-Correlation": id])["strata-correlation"] == id)
            let malformed = try await client.get("/health", headers: ["Strata-Correlation": "x"])
            #expect(malformed.status == 400)
            #expect(malformed.places == ["Strata-Correlation"])
        }
    }

    @Test func `names the port that is in use and the way out`() async throws {
        try await withServer { _, server in
            let port = try await server.port
            let second = try HTTPServer(
                HTTPServer.Configuration(port: port, portOption: "--command-port"), api: "second",
                authenticator: .trustingThisMachine, probes: ServiceProbes(), openAPI: [],
                logger: quiet, addRoutes: { _ in })
            let error = await #expect(throws: HTTPServerError.self) { try await second.run() }
            #expect(error?.code == .portInUse)
            #expect(error?.description == "port \(port) is in use; choose another with --command-port")
            await #expect(throws: HTTPServerError.self) { try await second.port }
        }
    }

    @Test(arguments: ["0.0.0.0", "::", "192.168.1.1", "example.com", "127.0.0.1.example.com", "127.1"])
    func `does not let others in without tokens`(host: String) {
        let error = #expect(throws: HTTPServerError.self) {
            try HTTPServer(
                HTTPServer.Configuration(host: host, port: 0), api: "test", authenticator: .trustingThisMachine,
                probes: ServiceProbes(), openAPI: [], logger: Logger(label: "test"), addRoutes: { _ in })
        }
        #expect(error?.code == .needsTokens)
    }

    @Test func `stops when it is cancelled, whatever connections are just being made`() async throws {
        for waits in [true, true, true, true, true, true, false, false, false] {
            let server = try bareServer()
            let running = Task { try await server.run() }
            try await withThrowingTaskGroup(of: Void.self) { clients in
                if waits {
                    let port = try await server.port
                    for _ in 0..<16 {
                        clients.addTask { _ = try? await RawConnection.exchange(port, "GET /health HTTP/1.1\r\n\r\n") }
                    }
                }
                running.cancel()
                try await running.value
                try await clients.waitForAll()
            }
        }
    }

    /// More answers than sockets hold, and nobody who reads them.
    @Test(.timeLimit(.minutes(2)))
    func `closes a connection whose client takes no answers`() async throws {
        let server = try bareServer(
            limits: HTTPLimits(connectionsMax: 1, idleTimeout: .seconds(1)),
            openAPI: Array(repeating: 0x20, count: 1 << 20))
        let running = Task { try await server.run() }
        let port = try await server.port
        let requests = String(repeating: "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n", count: 100)
        // There is one place, and those who come at the same moment have one, too: whoever comes behind all of them is
        // served once they are gone.
        try await RawConnection.sendAndKeep(port, requests, connections: 16) {
            let reply = try await TestClient(port: port).get("/health")
            #expect(reply.status == 200)
        }
        running.cancel()
        try await running.value
    }

    private static let longAnswer = 16 << 20

    /// It takes the answer for longer than a connection may be idle, and some of it all the time. What the system keeps
    /// for a connection, some megabytes, may be taken in the meantime without the server noticing.
    @Test(.timeLimit(.minutes(3)))
    func `a client may read a long answer as slowly as it likes`() async throws {
        let length = 2 * Self.longAnswer
        let server = try bareServer(
            limits: HTTPLimits(idleTimeout: .seconds(6)), openAPI: Array(repeating: 0x20, count: length))
        let running = Task { try await server.run() }
        let (head, body) = try await RawConnection.readSlowly(
            try await server.port, "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(head.hasPrefix("HTTP/1.1 200"), "\(head)")
        #expect(body == length)
        running.cancel()
        try await running.value
    }

    @Test(.timeLimit(.minutes(2)))
    func `stops behind an answer that is still being read`() async throws {
        let server = try bareServer(
            limits: HTTPLimits(stopTimeout: .seconds(60)), openAPI: Array(repeating: 0x20, count: Self.longAnswer))
        let running = Task { try await server.run() }
        let (head, body) = try await RawConnection.readSlowly(
            try await server.port, "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n",
            onAnswer: { running.cancel() })
        #expect(head.hasPrefix("HTTP/1.1 200"), "\(head)")
        #expect(body == Self.longAnswer)
        try await running.value
    }

    @Test(.timeLimit(.minutes(2)))
    func `a client that takes nothing puts a stop off no longer than requests may take`() async throws {
        let server = try bareServer(
            limits: HTTPLimits(stopTimeout: .seconds(1)), openAPI: Array(repeating: 0x20, count: Self.longAnswer))
        let running = Task { try await server.run() }
        let request = "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
        try await RawConnection.sendAndKeep(try await server.port, request, connections: 1) {
            // The answer is written, and waits.
            try await Task.sleep(for: .milliseconds(500))
            let began = ContinuousClock.now
            running.cancel()
            try await running.value
            #expect(began.duration(to: .now) < .seconds(15))
        }
    }

    @Test func `stops when it is asked to, and serves no more`() async throws {
        let server = try bareServer()
        let group = ServiceGroup(services: [server], logger: quiet)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let client = TestClient(port: try await server.port)
            #expect(try await client.get("/health").status == 200)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            await #expect(throws: RawConnection.Failure.self) { try await RawConnection.exchange(client.port, "") }
        }
    }
}

private func bareServer(limits: HTTPLimits = HTTPLimits(), openAPI: [UInt8] = []) throws -> HTTPServer {
    var configuration = HTTPServer.Configuration(port: 0)
    configuration.limits = limits
    return try HTTPServer(
        configuration, api: "test", authenticator: .trustingThisMachine, probes: ServiceProbes(),
        openAPI: openAPI, logger: quiet, addRoutes: { _ in })
}

private final class LineSink: LogSink {
    private let bytes = NIOLockedValueBox<[UInt8]>([])

    func write(_ line: [UInt8]) { bytes.withLockedValue { $0 += line } }

    var text: String { String(decoding: bytes.withLockedValue { $0 }, as: UTF8.self) }
}
