public import EventCodec

extension SchemaRegistry {
    /// More mistakes than this are not listed.
    public static let violationsMax = 100

    /// What is wrong with `payload` as an event of `type` in `version`; nothing when it is valid.
    public func violations(of payload: ArraySlice<UInt8>, type: String, version: Int) -> [SchemaViolation] {
        guard let document = document(type: type, version: version) else {
            return [SchemaViolation(pointer: JSONPointer(), problem: "is of a type or version that has no schema")]
        }
        do throws(JSONError) {
            return violations(of: try JSONValue(jsonBytes: payload), in: document)
        } catch {
            return [SchemaViolation(pointer: JSONPointer(), problem: "is not JSON: \(error)")]
        }
    }

    /// What is wrong with `value` by the schema of `document`; nothing when it is valid.
    public func violations(of value: JSONValue, in document: SchemaDocument) -> [SchemaViolation] {
        var validator = SchemaValidator(registry: self)
        validator.check(value, against: document.schema, at: JSONPointer())
        return validator.violations
    }
}
