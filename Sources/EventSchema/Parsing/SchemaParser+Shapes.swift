internal import EventCodec

extension SchemaParser {
    mutating func shape(_ keywords: inout Keywords, at pointer: JSONPointer) -> Schema.Shape? {
        if keywords.has("$ref") { return reference(&keywords, at: pointer) }
        switch keywords.string("type") {
        case "string": return .string(string(&keywords))
        case "integer": return .integer(integer(&keywords))
        case "number":
            return .number(NumberRules(minimum: keywords.number("minimum"), maximum: keywords.number("maximum")))
        case "boolean": return .boolean
        case "array": return array(&keywords, at: pointer).map(Schema.Shape.array)
        case "object": return .object(object(&keywords, at: pointer))
        default:
            keywords.complain("\(pointer.appending("type")) must be string, integer, number, boolean, array or object.")
            return nil
        }
    }

    /// `../common/Money.v1.json`, or `Money.v1.json` among shared shapes.
    private func reference(_ keywords: inout Keywords, at pointer: JSONPointer) -> Schema.Shape? {
        let prefix = isShared ? "" : "../\(SchemaPath.common)/"
        guard let reference = keywords.string("$ref"), reference.hasPrefix(prefix),
            let target = SchemaPath("\(SchemaPath.common)/\(reference.dropFirst(prefix.count))")
        else {
            keywords.complain(
                "\(pointer.appending("$ref")) must be the relative path of a file in \(SchemaPath.common).")
            return nil
        }
        return .reference(target.description)
    }

    private func string(_ keywords: inout Keywords) -> StringRules {
        let formats = TextFormat.allCases.map(\.rawValue).joined(separator: ", ")
        return StringRules(
            values: keywords.enumValues("enum"),
            pattern: keywords.take("pattern", "a pattern of the supported kind, such as ^[A-Z]{3}$") {
                $0.string.flatMap(TextPattern.init)
            },
            format: keywords.take("format", "one of \(formats)") { $0.string.flatMap(TextFormat.init) },
            minLength: keywords.count("minLength"), maxLength: keywords.count("maxLength"))
    }

    private func integer(_ keywords: inout Keywords) -> IntegerRules {
        IntegerRules(
            minimum: keywords.integer("minimum"), maximum: keywords.integer("maximum"),
            excluded: keywords.take("not", "of the form {\"const\": 0}") {
                $0.object?.count == 1 ? $0["const"]?.integer : nil
            })
    }

    private mutating func array(_ keywords: inout Keywords, at pointer: JSONPointer) -> ArrayRules? {
        guard let value = keywords.take("items") else {
            keywords.complain("\(pointer.appending("items")) must say what the array holds.")
            return nil
        }
        let (minItems, maxItems) = (keywords.count("minItems"), keywords.count("maxItems"))
        guard let items = schema(value, at: pointer.appending("items")) else { return nil }
        if items.isObject, items.title == nil {
            complain("\(pointer.appending("items"))/title must name one element, as a Swift type is named.")
        }
        return ArrayRules(items: items, minItems: minItems, maxItems: maxItems)
    }

    private mutating func object(_ keywords: inout Keywords, at pointer: JSONPointer) -> ObjectRules {
        let properties = keywords.object("properties") ?? JSONObject()
        let required = keywords.strings("required") ?? []
        if keywords.boolean("additionalProperties") == false {
            keywords.complain(
                "\(pointer.appending("additionalProperties")) must be true: readers skip fields they do not know.")
        }
        for name in required where properties[name] == nil {
            keywords.complain("\(pointer.appending("required")) names '\(name)', which is not among the properties.")
        }
        let place = pointer.appending("properties")
        return ObjectRules(
            properties: properties.compactMap { member in
                property(member, at: place.appending(member.key)).map {
                    ObjectRules.Property(name: member.key, schema: $0, isRequired: required.contains(member.key))
                }
            })
    }

    private mutating func property(_ member: JSONObject.Member, at pointer: JSONPointer) -> Schema? {
        if !isFieldName(member.key) || reservedFieldNames.contains(member.key) {
            complain("\(pointer) must have another name: camelCase, and none that generated code uses itself.")
        }
        let schema = schema(member.value, at: pointer)
        if let schema, schema.description?.isEmpty != false {
            complain("\(pointer)/description must say what it means.")
        }
        return schema
    }
}

/// What generated code calls its own variables and constants.
private let reservedFieldNames: Set = [
    "json", "field", "object", "init", "self", "eventType", "schemaVersion",
    // It cannot be the name of a variable that an expression begins with.
    "await",
]
