internal import Crypto
public import EventCodec
internal import FoundationEssentials
public import HTTPTypes

/// Tells a repeat of a request from another request under the same key.
public enum RequestFingerprint {
    /// 16 hexadecimal digits; the same for bodies that differ in white space and in the order of fields alone.
    public static func of(_ method: HTTPRequest.Method, _ path: String, _ body: JSONValue) -> String {
        var hash = SHA256()
        hash.update(data: Data("\(method) \(path)\n".utf8))
        hash.update(data: Data(body.sorted.jsonBytes))
        return hash.finalize().prefix(8).map { String($0 >> 4, radix: 16) + String($0 & 0xF, radix: 16) }.joined()
    }
}

extension JSONValue {
    fileprivate var sorted: JSONValue {
        switch self {
        case .object(let object):
            .object(
                JSONObject(
                    object.map { JSONObject.Member(key: $0.key, value: $0.value.sorted) }.sorted { $0.key < $1.key }))
        case .array(let values): .array(values.map(\.sorted))
        default: self
        }
    }
}
