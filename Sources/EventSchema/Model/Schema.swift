/// A JSON Schema (draft 2020-12) of the subset that event schemas are written in.
public struct Schema: Sendable, Hashable {
    public let title: String?
    public let description: String?
    /// The hand-written Swift type that stands for it in generated code (`x-swift-type`).
    public let swiftType: String?
    public let shape: Shape

    /// What values it admits.
    public indirect enum Shape: Sendable, Hashable {
        case string(StringRules)
        case integer(IntegerRules)
        case number(NumberRules)
        case boolean
        case array(ArrayRules)
        case object(ObjectRules)
        /// Another file's schema, by that file's path in `EventSchemas`.
        case reference(String)
    }
}

/// What a string must be like.
public struct StringRules: Sendable, Hashable {
    public var values: [String]?
    public var pattern: TextPattern?
    public var format: TextFormat?
    /// In Unicode code points.
    public var minLength: Int?
    public var maxLength: Int?
}

/// What an integer must be like.
public struct IntegerRules: Sendable, Hashable {
    public var minimum: Int?
    public var maximum: Int?
    /// The one value that it must not be: `"not": {"const": 0}`.
    public var excluded: Int?
}

/// What a number must be like.
public struct NumberRules: Sendable, Hashable {
    public var minimum: Double?
    public var maximum: Double?
}

/// What an array must be like.
public struct ArrayRules: Sendable, Hashable {
    public var items: Schema
    public var minItems: Int?
    public var maxItems: Int?
}

/// What an object must be like. Fields that it does not name are always admitted.
public struct ObjectRules: Sendable, Hashable {
    public var properties: [Property]

    /// One field.
    public struct Property: Sendable, Hashable {
        public let name: String
        public let schema: Schema
        public let isRequired: Bool
    }

    public subscript(name: String) -> Property? { properties.first { $0.name == name } }
}

extension Schema {
    var isObject: Bool { if case .object = shape { true } else { false } }
}
