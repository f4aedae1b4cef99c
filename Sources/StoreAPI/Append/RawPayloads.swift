internal import EventCodec

/// The payloads in the body of an append, in the order in which they stand there, byte for byte: numbers keep their
/// digits and objects the order of their fields.
///
/// Expects a body that was found to be an append.
struct RawPayloads: JSONReadable {
    private(set) var payloads: [[UInt8]] = []

    init(json: inout JSONReader) throws(JSONError) { try readAppend(&json) }

    private mutating func readAppend(_ json: inout JSONReader) throws(JSONError) {
        _ = try json.startObject()
        while let key = try json.nextKey() {
            switch key {
            case "events":
                try json.startArray()
                while try json.nextElement() { try readEvent(&json) }
            case "streams":
                try json.startArray()
                while try json.nextElement() { try readAppend(&json) }
            default: try json.skipValue()
            }
        }
    }

    private mutating func readEvent(_ json: inout JSONReader) throws(JSONError) {
        _ = try json.startObject()
        while let key = try json.nextKey() {
            switch key {
            case "payload": payloads.append(Array(try json.rawValue()))
            default: try json.skipValue()
            }
        }
    }
}
