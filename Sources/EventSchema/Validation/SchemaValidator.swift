internal import EventCodec

/// Holds a value against a schema, until ``SchemaRegistry/violationsMax`` mistakes are found.
struct SchemaValidator {
    let registry: SchemaRegistry
    let acceptsUnknownFields: Bool
    private(set) var violations: [SchemaViolation] = []

    init(registry: SchemaRegistry, acceptsUnknownFields: Bool = true) {
        self.registry = registry
        self.acceptsUnknownFields = acceptsUnknownFields
    }

    mutating func check(_ value: JSONValue, against schema: Schema, at pointer: JSONPointer) {
        guard hasRoom else { return }
        guard let schema = registry.resolved(schema) else {
            return complain("has a schema that does not exist", pointer)
        }
        switch (schema.shape, value) {
        case (.string(let rules), .string(let text)): check(text, against: rules, at: pointer)
        case (.integer(let rules), .integer(let number)):
            check(number, minimum: rules.minimum, maximum: rules.maximum, at: pointer)
            if number == rules.excluded { complain("is the one value that it must not be", pointer) }
        case (.number(let rules), .integer(let number)):
            check(Double(number), minimum: rules.minimum, maximum: rules.maximum, at: pointer)
        case (.number(let rules), .number(let number)):
            check(number, minimum: rules.minimum, maximum: rules.maximum, at: pointer)
        case (.boolean, .boolean): break
        case (.array(let rules), .array(let elements)):
            check(elements.count, minimum: rules.minItems, maximum: rules.maxItems, "items", at: pointer)
            // Elements beyond the maximum may be very many.
            guard elements.count <= rules.maxItems ?? .max else { return }
            for (index, element) in elements.enumerated() {
                guard hasRoom else { return }
                check(element, against: rules.items, at: pointer.appending(index))
            }
        case (.object(let rules), .object(let object)): check(object, against: rules, at: pointer)
        default: complain("is not \(schema.shape.phrase)", pointer)
        }
    }

    private mutating func check(_ object: JSONObject, against rules: ObjectRules, at pointer: JSONPointer) {
        for property in rules.properties {
            if let value = object[property.name] {
                check(value, against: property.schema, at: pointer.appending(property.name))
            } else if property.isRequired {
                complain("is missing", pointer.appending(property.name))
            }
        }
        if !acceptsUnknownFields { checkNames(in: object, against: rules, at: pointer) }
    }

    private mutating func checkNames(in object: JSONObject, against rules: ObjectRules, at pointer: JSONPointer) {
        for member in object {
            guard hasRoom else { return }
            // Byte for byte, as they are read.
            let isKnown = rules.properties.contains { $0.name.utf8.elementsEqual(member.key.utf8) }
            if !isKnown { complain("is not a field of this version", pointer.appending(printable(member.key))) }
        }
    }

    private mutating func check(_ text: String, against rules: StringRules, at pointer: JSONPointer) {
        if rules.minLength != nil || rules.maxLength != nil {
            let count = text.unicodeScalars.count
            check(count, minimum: rules.minLength, maximum: rules.maxLength, "characters", at: pointer)
            // Matching a pattern takes time, and what is too long may be very long.
            guard count <= rules.maxLength ?? .max else { return }
        }
        // Byte for byte, as they are read.
        if let values = rules.values, !values.contains(where: { $0.utf8.elementsEqual(text.utf8) }) {
            complain("is none of the values it can have", pointer)
        }
        if let pattern = rules.pattern, !pattern.matches(text) { complain("does not match \(pattern.source)", pointer) }
        if let format = rules.format, !format.matches(text) { complain("is not a \(format.rawValue)", pointer) }
    }

    private mutating func check<Number: Comparable>(
        _ number: Number, minimum: Number?, maximum: Number?, at pointer: JSONPointer
    ) {
        if let minimum, number < minimum { complain("is less than \(minimum)", pointer) }
        if let maximum, number > maximum { complain("is more than \(maximum)", pointer) }
    }

    private mutating func check(_ count: Int, minimum: Int?, maximum: Int?, _ unit: String, at pointer: JSONPointer) {
        if let minimum, count < minimum { complain("has fewer than \(minimum) \(unit)", pointer) }
        if let maximum, count > maximum { complain("has more than \(maximum) \(unit)", pointer) }
    }

    private var hasRoom: Bool { violations.count < SchemaRegistry.violationsMax }

    private mutating func complain(_ problem: String, _ pointer: JSONPointer) {
        guard hasRoom else { return }
        violations.append(SchemaViolation(pointer: pointer, problem: problem))
    }
}

/// Names of fields are plain; whatever else a sender uses as a key may be personal.
private func printable(_ key: String) -> String { key.utf8.count <= 64 && isFieldName(key) ? key : "…" }

extension Schema.Shape {
    fileprivate var phrase: String {
        switch self {
        case .string: JSONKind.string.phrase
        case .integer: JSONKind.integer.phrase
        case .number: JSONKind.number.phrase
        case .boolean: JSONKind.boolean.phrase
        case .array: JSONKind.array.phrase
        case .object: JSONKind.object.phrase
        case .reference: "known"
        }
    }
}
