/// Fields and their values in one go.
extension JSONWriter {
    public mutating func field(_ name: StaticString, _ value: String) {
        key(name)
        string(value)
    }

    public mutating func field(_ name: StaticString, _ value: Int) {
        key(name)
        integer(value)
    }

    /// Writes nothing for `nil`.
    public mutating func field(_ name: StaticString, _ value: String?) {
        if let value { field(name, value) }
    }
}
