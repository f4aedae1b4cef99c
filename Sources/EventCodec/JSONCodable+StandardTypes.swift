extension String: JSONCodable {
    @inlinable
    public init(json: inout JSONReader) throws(JSONError) { self = try json.string() }

    @inlinable
    public func write(to json: inout JSONWriter) { json.string(self) }
}

extension Int: JSONCodable {
    @inlinable
    public init(json: inout JSONReader) throws(JSONError) { self = try json.integer() }

    @inlinable
    public func write(to json: inout JSONWriter) { json.integer(self) }
}

extension Double: JSONCodable {
    @inlinable
    public init(json: inout JSONReader) throws(JSONError) { self = try json.number() }

    @inlinable
    public func write(to json: inout JSONWriter) { json.number(self) }
}

extension Bool: JSONCodable {
    @inlinable
    public init(json: inout JSONReader) throws(JSONError) { self = try json.boolean() }

    @inlinable
    public func write(to json: inout JSONWriter) { json.boolean(self) }
}

extension Array: JSONReadable where Element: JSONReadable {
    @inlinable
    public init(json: inout JSONReader) throws(JSONError) {
        self = []
        try json.startArray()
        while try json.nextElement() { append(try Element(json: &json)) }
    }
}

extension Array: JSONWritable where Element: JSONWritable {
    @inlinable
    public func write(to json: inout JSONWriter) {
        json.startArray()
        for element in self {
            json.element()
            element.write(to: &json)
        }
        json.endArray()
    }
}

extension Optional: JSONReadable where Wrapped: JSONReadable {
    /// Reads `null` as `nil`.
    @inlinable
    public init(json: inout JSONReader) throws(JSONError) {
        if json.peekKind() == .null {
            try json.null()
            self = nil
        } else {
            self = try Wrapped(json: &json)
        }
    }
}

extension Optional: JSONWritable where Wrapped: JSONWritable {
    /// Writes `nil` as `null`.
    @inlinable
    public func write(to json: inout JSONWriter) {
        if let self { self.write(to: &json) } else { json.null() }
    }
}

extension JSONReader {
    /// Reads one of the texts that `Value` knows.
    ///
    /// - Throws: ``JSONError`` also when it knows no such text.
    @inlinable
    public mutating func oneOf<Value: RawRepresentable>(
        _: Value.Type = Value.self
    ) throws(JSONError) -> Value where Value.RawValue == String {
        let place = self
        guard let value = Value(rawValue: try string()) else {
            throw place.failure(.invalid("is none of the values it can have"))
        }
        return value
    }
}
