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

    /// Appends the value's document to `bytes`, where it is kept to be read again.
    ///
    /// - Throws: ``JSONError`` when a number is not finite: it would come back as `null`. Nothing is appended then.
    public func encodeJSON(to bytes: inout [UInt8]) throws(JSONError) {
        let start = bytes.count
        var json = JSONWriter(continuing: &bytes)
        write(to: &json)
        bytes = json.bytes
        guard let place = json.notFinite else { return }
        let path = bytes[start...].withUnsafeBufferPointer { document in
            JSONPath(leadingTo: place - start, in: document).description
        }
        bytes.removeSubrange(start...)
        throw JSONError(path: path, problem: .invalid("is not a finite number"))
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
