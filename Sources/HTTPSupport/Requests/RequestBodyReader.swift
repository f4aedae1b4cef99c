internal import EventCodec
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// Reads the body of a request: JSON, complete, and not too large.
struct RequestBodyReader {
    private let request: Request
    private let bytesMax: Int
    private let depthMax: Int

    init(_ request: Request, bytesMax: Int, depthMax: Int) {
        self.request = request
        self.bytesMax = bytesMax
        self.depthMax = depthMax
    }

    /// - Returns: An empty object when there is no body.
    func json() async throws(Problem) -> (value: JSONValue, bytes: [UInt8]) {
        let hasType = request.headers.contains(.contentType)
        if hasType, !request.hasJSONContentType { throw .unsupportedMediaType }
        let bytes = try await bytes()
        guard hasType || bytes.readableBytes == 0 else { throw .unsupportedMediaType }
        guard hasType else { return (.object([:]), []) }
        do throws(JSONError) {
            let bytes = Array(bytes.readableBytesView)
            return (try JSONValue(jsonBytes: bytes, depthMax: depthMax), bytes)
        } catch {
            throw Problem(error)
        }
    }

    private func bytes() async throws(Problem) -> ByteBuffer {
        let announced = request.headers[.contentLength].flatMap { Int($0) }
        if let announced, announced > bytesMax { throw tooLarge }
        let bytes = try await collect()
        // A connection that breaks off ends the body as if it were complete.
        if let announced, announced != bytes.readableBytes { throw .malformedBody("The body is incomplete.") }
        return bytes
    }

    private func collect() async throws(Problem) -> ByteBuffer {
        let deadline = ContinuousClock.now.advanced(by: HTTPLimits.bodyTimeout)
        var bytes = ByteBuffer()
        do {
            for try await var piece in request.body {
                guard bytes.readableBytes + piece.readableBytes <= bytesMax else { throw tooLarge }
                guard ContinuousClock.now < deadline else { throw Problem.requestTimeout("The body took too long.") }
                if bytes.readableBytes == 0 { bytes = piece } else { bytes.writeBuffer(&piece) }
            }
        } catch let problem as Problem {
            throw problem
        } catch {
            throw .malformedBody("The body could not be read to its end.")
        }
        return bytes
    }

    private var tooLarge: Problem { .bodyTooLarge(limit: bytesMax) }
}

extension Problem {
    /// What does not follow JSON's grammar is malformed; what JSON allows and a request does not is invalid.
    fileprivate init(_ error: JSONError) {
        switch error.problem {
        case .malformed(let byte): self = .malformedBody("The body is not JSON: it is malformed at byte \(byte).")
        default: self = .invalidBody([Flaw(.body(pointer: pointer(error.path)), "\(error.problem)")])
        }
    }
}

/// The JSON pointer of a path such as `lines[2].quantity`.
private func pointer(_ path: String) -> String {
    path.split(whereSeparator: { ".[]".contains($0) }).reduce(into: "") { $0 += "/" + $1 }
}
