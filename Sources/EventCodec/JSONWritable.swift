/// A value that can be written as JSON.
public protocol JSONWritable {
    /// Appends the value. The same value always gives the same bytes.
    func write(to json: inout JSONWriter)
}

extension JSONWritable {
    /// Appends the value's document to `bytes`.
    @inlinable
    public func appendJSON(to bytes: inout [UInt8]) {
        var json = JSONWriter(continuing: &bytes)
        write(to: &json)
        bytes = json.bytes
    }

    /// The value's document.
    @inlinable
    public var jsonBytes: [UInt8] {
        var bytes: [UInt8] = []
        appendJSON(to: &bytes)
        return bytes
    }
}

/// A value that can be read from JSON and written as it.
public typealias JSONCodable = JSONReadable & JSONWritable
