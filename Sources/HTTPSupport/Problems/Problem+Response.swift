public import EventCodec
public import EventSourcing
internal import HTTPTypes
public import Hummingbird

extension Problem {
    /// The problem document.
    ///
    /// - Parameter correlationID: Names this occurrence, in the document and in the logs.
    public func response(_ correlationID: CorrelationID) -> Response {
        var headers = headers
        headers[.contentType] = "application/problem+json"
        headers[.cacheControl] = "no-store"
        return Response(
            status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: document(correlationID)))
        )
    }

    func document(_ correlationID: CorrelationID) -> [UInt8] {
        var json = JSONWriter()
        json.startObject()
        json.field("type", "/problems/\(code)")
        json.field("title", title)
        json.field("status", status.code)
        json.field("detail", detail)
        json.field("instance", "urn:uuid:\(correlationID)")
        json.field("code", code)
        if !flaws.isEmpty {
            json.key("errors")
            flaws.write(to: &json)
        }
        for member in members {
            json.key(named: member.key)
            member.value.write(to: &json)
        }
        json.endObject()
        return json.bytes
    }
}

extension Problem.Flaw: JSONWritable {
    public func write(to json: inout JSONWriter) {
        json.startObject()
        switch place {
        case .body(let pointer): json.field("pointer", pointer)
        case .query(let parameter): json.field("parameter", parameter)
        case .header(let name): json.field("header", name)
        }
        json.field("detail", detail)
        json.endObject()
    }
}
