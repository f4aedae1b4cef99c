internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1

/// The lines of an answer, as they come; for one task at a time.
public struct ReplyLines: @unchecked Sendable {
    private var pieces: HTTPClientResponse.Body.AsyncIterator
    private var buffer: [UInt8] = []

    init(_ body: HTTPClientResponse.Body) { pieces = body.makeAsyncIterator() }

    /// - Returns: The next line without its end; `nil` when the answer has ended.
    @concurrent public mutating func next() async throws -> String? {
        while true {
            if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                defer { buffer.removeSubrange(...end) }
                return String(decoding: buffer[..<end], as: UTF8.self)
            }
            guard let piece = try await pieces.next() else { return nil }
            buffer += piece.readableBytesView
        }
    }

    /// The first line that `isWanted` is true of.
    ///
    /// - Throws: ``EndOfReply`` when the answer ends before.
    @concurrent public mutating func first(where isWanted: (String) -> Bool) async throws -> String {
        while let line = try await next() {
            if isWanted(line) { return line }
        }
        throw EndOfReply()
    }
}

/// An answer ended before what was waited for.
public struct EndOfReply: Error {}

extension TestClient {
    /// Reads an answer while it is being written; leaving `body` closes the connection.
    ///
    /// - Parameter body: Gets the status and the lines.
    public func stream<R: Sendable>(
        _ path: String, headers: [String: String] = [:], _ body: (Int, inout ReplyLines) async throws -> R
    ) async throws -> R {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        for (name, value) in self.headers.merging(headers, uniquingKeysWith: { $1 }) {
            request.headers.replaceOrAdd(name: name, value: value)
        }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(120))
        var lines = ReplyLines(response.body)
        return try await body(Int(response.status.code), &lines)
    }
}
