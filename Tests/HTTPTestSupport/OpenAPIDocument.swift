public import EventCodec

/// An OpenAPI document, as far as tests look at it.
public struct OpenAPIDocument: Sendable {
    /// One method of one address.
    public struct Operation: Sendable {
        /// `POST /orders/{id}/cancel`
        public let route: String
        public let value: JSONValue
        private let document: OpenAPIDocument

        init(route: String, value: JSONValue, document: OpenAPIDocument) {
            self.route = route
            self.value = value
            self.document = document
        }

        public var responses: JSONObject { value["responses"]?.object ?? [:] }
        public var bodyExample: JSONValue? { value["requestBody"]?["content"]?["application/json"]?["example"] }

        public var parameters: [JSONValue] { (value["parameters"]?.array ?? []).map(document.resolve) }

        /// The address with the examples of its parameters.
        public var examplePath: String {
            parameters.reduce(String(route.split(separator: " ")[1])) { path, parameter in
                guard parameter["in"] == "path", let name = parameter["name"]?.string,
                    let example = parameter["example"]?.string
                else { return path }
                return path.split(separator: "{\(name)}", omittingEmptySubsequences: false).joined(separator: example)
            }
        }

        /// The schema of what is answered under `status`.
        public func responseSchema(_ status: Int) -> JSONValue? {
            let content = document.resolve(responses["\(status)"] ?? .null)["content"]?.object
            return content?.members.first?.value["schema"].map(document.resolve)
        }
    }

    private let root: JSONValue

    public init(_ bytes: [UInt8]) throws { root = try JSONValue(jsonBytes: bytes) }

    public var version: String? { root["openapi"]?.string }

    public var operations: [Operation] {
        (root["paths"]?.object ?? [:]).flatMap { path in
            (path.value.object ?? [:]).map { method in
                Operation(route: "\(method.key.uppercased()) \(path.key)", value: method.value, document: self)
            }
        }
    }

    /// What a reference stands for; anything else is itself.
    public func resolve(_ value: JSONValue) -> JSONValue {
        guard let reference = value["$ref"]?.string else { return value }
        return reference.split(separator: "/").dropFirst().reduce(root) { $0[String($1)] ?? .null }
    }

    /// Every reference that leads nowhere.
    public var brokenReferences: [String] { brokenReferences(in: root) }

    private func brokenReferences(in value: JSONValue) -> [String] {
        switch value {
        case .object(let object):
            let broken = object["$ref"].map { resolve(value) == .null ? [$0.string ?? ""] : [] } ?? []
            return broken + object.flatMap { brokenReferences(in: $0.value) }
        case .array(let values): return values.flatMap(brokenReferences)
        default: return []
        }
    }

    /// What is wrong with `value` by the part of JSON Schema that the documents use for answers: types, required and
    /// known fields.
    public func mistakes(in value: JSONValue, _ schema: JSONValue, at path: String = "") -> [String] {
        let schema = resolve(schema)
        if let parts = schema["allOf"]?.array {
            return mistakes(in: value, merged(parts), at: path)
        }
        if let choices = schema["oneOf"]?.array {
            let fitting = choices.filter { mistakes(in: value, $0, at: path).isEmpty }
            return fitting.count == 1 ? [] : ["\(path) fits \(fitting.count) of \(choices.count) schemas"]
        }
        switch (schema["type"]?.string, value) {
        case ("object", .object(let object)): return mistakes(in: object, schema, at: path)
        case ("array", .array(let values)):
            return values.enumerated().flatMap { mistakes(in: $1, schema["items"] ?? .null, at: "\(path)/\($0)") }
        case ("string", .string), ("integer", .integer), ("boolean", .boolean), (nil, _): return []
        default: return ["\(path) is not of type \(schema["type"]?.string ?? "")"]
        }
    }

    private func mistakes(in object: JSONObject, _ schema: JSONValue, at path: String) -> [String] {
        let required = (schema["required"]?.array ?? []).compactMap(\.string)
        let properties = schema["properties"]?.object
        return required.filter { object[$0] == nil }.map { "\(path)/\($0) is missing" }
            + object.flatMap { member -> [String] in
                guard let properties else { return [] }
                guard let property = properties[member.key] else { return ["\(path)/\(member.key) is unknown"] }
                return mistakes(in: member.value, property, at: "\(path)/\(member.key)")
            }
    }

    private func merged(_ parts: [JSONValue]) -> JSONValue {
        var required: [JSONValue] = []
        var properties = JSONObject()
        for part in parts.map(resolve) {
            required += part["required"]?.array ?? []
            for property in part["properties"]?.object ?? [:] { properties[property.key] = property.value }
        }
        return ["type": "object", "required": .array(required), "properties": .object(properties)]
    }
}
