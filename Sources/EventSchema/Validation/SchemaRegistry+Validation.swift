public import EventCodec

extension SchemaRegistry {
    /// More mistakes than this are not listed.
    public static let violationsMax = 100

    /// What is wrong with `payload` as an event of `type` in `version`; nothing when it is valid.
    ///
    /// - Parameter acceptsUnknownFields: Whether it may have fields that this version does not name.
    public func violations(
        of payload: ArraySlice<UInt8>, type: String, version: Int, acceptsUnknownFields: Bool = true
    ) -> [SchemaViolation] {
        do throws(JSONError) {
            let value = try JSONValue(jsonBytes: payload)
            return violations(of: value, type: type, version: version, acceptsUnknownFields: acceptsUnknownFields)
        } catch {
            return [SchemaViolation(pointer: JSONPointer(), problem: "is not JSON: \(error)")]
        }
    }

    /// What is wrong with `value` as an event of `type` in `version`; nothing when it is valid.
    ///
    /// A later version that reads this one as it is may know fields that this one does not name. What is recorded in
    /// them must be what they are read as. Of versions that are yet to come nobody can say, so whoever lets others
    /// write to a log should accept no unknown fields.
    ///
    /// - Parameter acceptsUnknownFields: Whether it may have fields that this version does not name.
    public func violations(
        of value: JSONValue, type: String, version: Int, acceptsUnknownFields: Bool = true
    ) -> [SchemaViolation] {
        guard let event = event(type), let document = document(type: type, version: version) else {
            return [SchemaViolation(pointer: JSONPointer(), problem: "is of a type or version that has no schema")]
        }
        var validator = SchemaValidator(registry: self, acceptsUnknownFields: acceptsUnknownFields)
        validator.check(value, against: document.schema, at: JSONPointer())
        guard validator.violations.isEmpty, event.versions.count > 1,
            let link = VersionChain(event, in: self).links.first(where: { $0.versions.contains(version) })
        else { return validator.violations }
        return violations(of: value, in: link.document)
    }

    /// What is wrong with `value` by the schema of `document`; nothing when it is valid.
    public func violations(of value: JSONValue, in document: SchemaDocument) -> [SchemaViolation] {
        var validator = SchemaValidator(registry: self)
        validator.check(value, against: document.schema, at: JSONPointer())
        return validator.violations
    }
}
