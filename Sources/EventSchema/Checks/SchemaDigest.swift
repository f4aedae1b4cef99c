internal import Crypto
internal import EventCodec

/// What a schema admits, in a few characters.
enum SchemaDigest {
    /// SHA-256 over the schema's JSON without its remarks, its keys sorted.
    static func of(_ document: SchemaDocument) -> String {
        let bytes = canonical(schema: document.source).jsonBytes
        let hexadecimal = SHA256.hash(data: bytes).map { byte in
            String(byte >> 4, radix: 16) + String(byte & 0xF, radix: 16)
        }
        return "sha256:" + hexadecimal.joined()
    }

    /// Takes away the keywords that are there for people, at every place where a schema stands.
    private static func canonical(schema: JSONValue) -> JSONValue {
        guard let object = schema.object else { return sorted(schema) }
        let members = object.filter { !remarks.contains($0.key) }.map { member in
            JSONObject.Member(key: member.key, value: canonical(keyword: member.key, member.value))
        }
        return .object(JSONObject(members.sorted { $0.key < $1.key }))
    }

    private static func canonical(keyword: String, _ value: JSONValue) -> JSONValue {
        switch (keyword, value) {
        case ("items", _): canonical(schema: value)
        case ("properties", .object(let properties)):
            .object(
                JSONObject(
                    properties.map { JSONObject.Member(key: $0.key, value: canonical(schema: $0.value)) }
                        .sorted { $0.key < $1.key }))
        default: sorted(value)
        }
    }

    private static func sorted(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): .array(elements.map(sorted))
        case .object(let object):
            .object(
                JSONObject(
                    object.map { JSONObject.Member(key: $0.key, value: sorted($0.value)) }.sorted { $0.key < $1.key }))
        default: value
        }
    }

    private static let remarks: Set = ["description", "examples", "$comment"]
}
