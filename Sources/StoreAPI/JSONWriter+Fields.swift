internal import EventCodec

extension JSONWriter {
    mutating func field(_ name: StaticString, _ value: Int64) {
        key(name)
        integer(Int(value))
    }

    /// Writes nothing for `nil`.
    mutating func field(_ name: StaticString, _ value: Int64?) {
        if let value { field(name, value) }
    }
}
