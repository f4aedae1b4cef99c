internal import EventCodec
internal import Logging

extension LogRecord {
    /// `{"time":"…","level":"info","logger":"…","message":"…",…}`, with the metadata's keys beside the others.
    var jsonLine: [UInt8] {
        var json = JSONWriter()
        json.startObject()
        json.key("time")
        json.string(time)
        json.key("level")
        json.string(level.rawValue)
        json.key("logger")
        json.string(label)
        json.key("message")
        json.string(Self.cut(message))
        if let error {
            json.key("error")
            json.string(Self.cut(error))
        }
        for (key, value) in metadata where !isTaken(key) {
            json.key(named: key)
            json.write(value)
        }
        json.endObject()
        return json.bytes + [0x0A]
    }

    private func isTaken(_ key: String) -> Bool {
        switch key {
        case "time", "level", "logger", "message": true
        case "error": error != nil
        default: false
        }
    }
}

extension JSONWriter {
    fileprivate mutating func write(_ value: Logger.MetadataValue) {
        switch value {
        case .string(let text): string(LogRecord.cut(text))
        case .stringConvertible(let value): string(LogRecord.cut("\(value)"))
        case .array(let values):
            startArray()
            for value in values {
                element()
                write(value)
            }
            endArray()
        case .dictionary(let values):
            startObject()
            for (key, value) in values.sorted(by: { $0.key < $1.key }) {
                self.key(named: key)
                write(value)
            }
            endObject()
        }
    }
}
