public import HTTPTypes
public import Hummingbird

extension Response {
    /// An answer with a JSON document.
    public static func json(
        _ bytes: [UInt8], status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) -> Response {
        json(ByteBuffer(bytes: bytes), status: status, headers: headers)
    }

    /// An answer with a JSON document.
    public static func json(
        _ buffer: ByteBuffer, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) -> Response {
        var headers = headers
        headers[.contentType] = "application/json"
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: buffer))
    }
}
