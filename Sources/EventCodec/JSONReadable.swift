/// A value that can be read from JSON.
public protocol JSONReadable {
    /// Reads the value that comes next.
    init(json: inout JSONReader) throws(JSONError)
}

extension JSONReadable {
    /// Reads a whole document.
    ///
    /// - Throws: ``JSONError`` also when anything but white space follows the value.
    @inlinable
    public init(
        jsonBytes bytes: UnsafeBufferPointer<UInt8>, depthMax: Int = JSONReader.depthLimit
    ) throws(JSONError) {
        var json = JSONReader(bytes, depthMax: depthMax)
        self = try Self(json: &json)
        try json.finish()
    }

    /// Reads a whole document.
    ///
    /// - Throws: ``JSONError`` also when anything but white space follows the value.
    @inlinable
    public init(jsonBytes bytes: ArraySlice<UInt8>) throws(JSONError) {
        self = try bytes.withUnsafeBufferPointer { (bytes) throws(JSONError) in try Self(jsonBytes: bytes) }
    }

    /// Reads a whole document.
    ///
    /// - Throws: ``JSONError`` also when anything but white space follows the value.
    @inlinable
    public init(jsonBytes bytes: [UInt8], depthMax: Int = JSONReader.depthLimit) throws(JSONError) {
        self = try bytes.withUnsafeBufferPointer { (bytes) throws(JSONError) in
            try Self(jsonBytes: bytes, depthMax: depthMax)
        }
    }
}

/// How generated code reads the fields of an object.
extension JSONReader {
    /// Reads a field's value into `field`.
    ///
    /// - Throws: ``JSONError`` also when the field has been read before.
    @inlinable
    public mutating func read<Value: JSONReadable>(_ field: inout Value?) throws(JSONError) {
        guard case nil = field else { throw failure(.duplicate) }
        field = try Value(json: &self)
    }

    /// Reads an optional field's value into `field`; `null` is as good as no field.
    ///
    /// - Throws: ``JSONError`` also when the field has been read before.
    @inlinable
    public mutating func readOptional<Value: JSONReadable>(_ field: inout Value??) throws(JSONError) {
        guard case nil = field else { throw failure(.duplicate) }
        field = .some(try Value?(json: &self))
    }

    /// The value of a required field.
    ///
    /// - Parameter object: What ``startObject()`` returned.
    /// - Throws: ``JSONError`` when there was none.
    @inlinable
    public func require<Value>(
        _ field: Value?, _ name: StaticString, in object: JSONObjectMark
    ) throws(JSONError) -> Value {
        guard let field else { throw missing(name, in: object) }
        return field
    }
}
