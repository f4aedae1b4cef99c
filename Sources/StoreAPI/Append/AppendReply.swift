internal import EventCodec
internal import EventSourcing
internal import HTTPSupport
internal import HTTPTypes
internal import Hummingbird

/// What a client is told of an append.
struct AppendReply: Sendable {
    let receipt: AppendReceipt

    /// - Parameter aboutOneStream: Whether the client has named one stream, and so is told about it and not about a
    ///   list.
    func response(aboutOneStream: Bool) -> Response {
        let position = LogPosition(receipt.log, receipt.position)
        var headers: HTTPFields = [.strataPosition: position.description]
        if receipt.isRepeat { headers[.idempotentReplayed] = "true" }
        guard aboutOneStream, let stream = receipt.streams.first else {
            return .json(document, headers: headers)
        }
        headers[.eTag] = EntityTag(stream.revision).description
        var json = JSONWriter()
        stream.write(to: &json, in: receipt.log)
        return .json(json.bytes, headers: headers)
    }

    private var document: [UInt8] {
        var json = JSONWriter()
        json.startObject()
        json.field("log", receipt.log.rawValue)
        json.field("position", receipt.position.rawValue)
        json.key("streams")
        json.startArray()
        for stream in receipt.streams {
            json.element()
            stream.write(to: &json)
        }
        json.endArray()
        json.endObject()
        return json.bytes
    }
}

extension AppendReceipt.Stream {
    /// - Parameter log: The log of the position, where it is not said elsewhere.
    fileprivate func write(to json: inout JSONWriter, in log: LogName? = nil) {
        json.startObject()
        json.field("stream", stream.rawValue)
        json.field("revision", revision.rawValue)
        json.field("log", log?.rawValue)
        json.field("position", position.rawValue)
        json.endObject()
    }
}
