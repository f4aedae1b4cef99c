internal import AsyncHTTPClient
public import EventCodec
internal import NIOCore
internal import NIOHTTP1

/// Talks to a server on this machine through a real socket.
public struct TestClient: Sendable {
    public let port: Int
    /// Sent with every request, unless the request says otherwise.
    public var headers: [String: String]

    public init(port: Int, headers: [String: String] = [:]) {
        self.port = port
        self.headers = headers
    }

    /// - Parameter headers: Take the place of ``headers`` of the same name; an empty one takes it away.
    public func send(
        _ method: String, _ path: String, headers: [String: String] = [:], body: [UInt8]? = nil
    ) async throws -> Reply {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        request.method = HTTPMethod(rawValue: method)
        for (name, value) in self.headers.merging(headers, uniquingKeysWith: { $1 }) where !value.isEmpty {
            request.headers.replaceOrAdd(name: name, value: value)
        }
        if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(120))
        let bytes = try await response.body.collect(upTo: 16 << 20)
        return Reply(
            status: Int(response.status.code), fields: response.headers.map { ($0.name.lowercased(), $0.value) },
            bytes: Array(bytes.readableBytesView))
    }

    public func get(_ path: String, headers: [String: String] = [:]) async throws -> Reply {
        try await send("GET", path, headers: headers)
    }

    public func post(_ path: String, _ body: JSONValue, headers: [String: String] = [:]) async throws -> Reply {
        try await post(path, body.jsonBytes, headers: headers)
    }

    public func post(_ path: String, _ body: [UInt8], headers: [String: String] = [:]) async throws -> Reply {
        let type = ["Content-Type": "application/json"]
        return try await send("POST", path, headers: type.merging(headers) { $1 }, body: body)
    }
}

/// What a server answers.
public struct Reply: Sendable {
    public let status: Int
    private let fields: [(name: String, value: String)]
    public let bytes: [UInt8]

    init(status: Int, fields: [(String, String)], bytes: [UInt8]) {
        self.status = status
        self.fields = fields
        self.bytes = bytes
    }

    /// A header field.
    public subscript(name: String) -> String? { fields.first { $0.name == name.lowercased() }?.value }

    public var text: String { String(decoding: bytes, as: UTF8.self) }
    /// The body, `null` when it is not JSON.
    public var json: JSONValue { (try? JSONValue(jsonBytes: bytes)) ?? .null }
    /// The code of a problem document; `nil` for anything else.
    public var code: String? { self["content-type"] == "application/problem+json" ? json["code"]?.string : nil }
    /// Where a problem document finds mistakes: JSON pointers, names of parameters and of header fields.
    public var places: [String] {
        (json["errors"]?.array ?? []).compactMap {
            $0["pointer"]?.string ?? $0["parameter"]?.string ?? $0["header"]?.string
        }
    }
}
