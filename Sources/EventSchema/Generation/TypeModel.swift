/// A Swift type that is to be generated.
struct TypeModel: Hashable {
    let name: String
    let description: String?
    let kind: Kind

    enum Kind: Hashable {
        case structure(fields: [FieldModel], nested: [TypeModel])
        case enumeration(values: [String])
    }
}

/// A stored property.
struct FieldModel: Hashable {
    let jsonName: String
    let swiftName: String
    let type: String
    let isRequired: Bool
    let description: String?
    /// The hand-written type that stands for its value, or for an element of it.
    let handWrittenType: String?
}

/// Plans types after schemas.
struct TypePlanner {
    let registry: SchemaRegistry
    /// Whether any hand-written type is used.
    private(set) var usesHandWrittenTypes = false

    init(registry: SchemaRegistry) { self.registry = registry }

    /// A struct for the fields of `rules`.
    mutating func structure(_ name: String, _ description: String?, _ rules: ObjectRules) -> TypeModel {
        var nested: [TypeModel] = []
        let fields = rules.properties.map { property in
            FieldModel(
                jsonName: property.name, swiftName: SwiftNames.property(property.name),
                type: type(property.schema, for: property.name, &nested), isRequired: property.isRequired,
                description: property.schema.description, handWrittenType: handWrittenType(property.schema))
        }
        return TypeModel(name: name, description: description, kind: .structure(fields: fields, nested: nested))
    }

    /// The type of a field's values. Those that are of this field alone are added to `nested`.
    private mutating func type(_ schema: Schema, for field: String, _ nested: inout [TypeModel]) -> String {
        let description = typeDescription(schema)
        guard let schema = registry.resolved(schema) else { return "Never" }
        if let type = schema.swiftType {
            usesHandWrittenTypes = true
            return type
        }
        switch schema.shape {
        case .string(let rules):
            guard let values = rules.values else { return "String" }
            let model = TypeModel(
                name: name(schema, field), description: description, kind: .enumeration(values: values))
            return add(model, to: &nested)
        case .integer: return "Int"
        case .number: return "Double"
        case .boolean: return "Bool"
        case .array(let rules): return "[\(type(rules.items, for: field, &nested))]"
        case .object(let rules): return add(structure(name(schema, field), description, rules), to: &nested)
        case .reference: return "Never"
        }
    }

    /// What a type is. A shared shape says so itself, for fields share its type; one that gives it a title of its own
    /// says it, too.
    private func typeDescription(_ schema: Schema) -> String? {
        guard case .reference(let path) = schema.shape, schema.title == nil else {
            return registry.resolved(schema)?.description
        }
        return registry.document(at: path)?.schema.description
    }

    private func handWrittenType(_ schema: Schema) -> String? {
        guard let schema = registry.resolved(schema) else { return nil }
        if case .array(let rules) = schema.shape, schema.swiftType == nil { return handWrittenType(rules.items) }
        return schema.swiftType
    }

    private func name(_ schema: Schema, _ field: String) -> String { schema.title ?? SwiftNames.type(field) }

    private func add(_ model: TypeModel, to nested: inout [TypeModel]) -> String {
        if !nested.contains(model) { nested.append(model) }
        return model.name
    }
}
