internal import EventCodec
internal import EventSourcing
internal import HTTPSupport
internal import HTTPTypes
internal import Hummingbird

/// What a client is told of a command that was carried out.
struct CommandReply: Sendable {
    let stream: StreamName
    let receipt: CommandReceipt
    private var created: (path: String, orderID: String?)?

    init(stream: StreamName, receipt: CommandReceipt) {
        self.stream = stream
        self.receipt = receipt
    }

    /// The same, of a command that has made something new, which is found at `path`.
    func created(at path: String, orderID: String? = nil) -> CommandReply {
        var reply = self
        reply.created = (path, orderID)
        return reply
    }

    func response(locationBase: String) -> Response {
        var headers: HTTPFields = [:]
        if let position = receipt.position { headers[.strataPosition] = position.description }
        if let revision = receipt.revision { headers[.eTag] = EntityTag(revision).description }
        if let created { headers[.location] = locationBase + created.path }
        if receipt.isRepeat { headers[.idempotentReplayed] = "true" }
        return .json(document, status: created == nil ? .ok : .created, headers: headers)
    }

    /// Revision and position are left out when there is none: when there was nothing to record.
    private var document: [UInt8] {
        var json = JSONWriter()
        json.startObject()
        if let orderID = created?.orderID {
            json.key("orderId")
            json.string(orderID)
        }
        json.key("stream")
        json.string(stream.rawValue)
        if let revision = receipt.revision {
            json.key("revision")
            json.integer(Int(revision.rawValue))
        }
        if let position = receipt.position {
            if position.log != .main {
                json.key("log")
                json.string(position.log.rawValue)
            }
            json.key("position")
            json.integer(Int(position.position.rawValue))
        }
        json.endObject()
        return json.bytes
    }
}
