public import EventCodec

extension SchemaRegistry {
    /// More mistakes than this are not listed.
    public static let violationsMax = 100

    /// What is wrong with `payload` as an event of `type` in `version`; nothing when it is valid.
    public func violations(of payload: ArraySlice<UInt8>, type: String, version: Int) -> [SchemaViolation] {
        do throws(JSONError) {
            return violations(of: try JSONValue(jsonBytes: payload), type: type, version: version)
        } catch {
            return [SchemaViolation(pointer: JSONPointer(), problem: "is not JSON: \(error)")]
        }
    }

    /// What is wrong with `value` as an event of `type` in `version`; nothing when it is valid.
    ///
    /// A later version that reads this one as it is may know fields that this one does not name. What is recorded in
    /// them must be what they are read as.
    public func violations(of value: JSONValue, type: String, version: Int) -> [SchemaViolation] {
        guard let event = event(type), let document = document(type: type, version: version) else {
            return [SchemaViolation(pointer: JSONPointer(), problem: "is of a type or version that has no schema")]
        }
        let found = violations(of: value, in: document)
        guard found.isEmpty, event.versions.count > 1,
            let link = VersionChain(event, in: self).links.first(where: { $0.versions.contains(version) })
        else { return found }
        return violations(of: value, in: link.document)
    }

    /// What is wrong with `value` by the schema of `document`; nothing when it is valid.
    public func violations(of value: JSONValue, in document: SchemaDocument) -> [SchemaViolation] {
        var validator = SchemaValidator(registry: self)
        validator.check(value, against: document.schema, at: JSONPointer())
        return validator.violations
    }
}
