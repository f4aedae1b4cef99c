/// Bytes that cannot be read as what was asked for.
///
/// Says where and what is wrong, and never quotes a value: values may be personal.
public struct JSONError: Error, Sendable, Hashable {
    /// The field, as in `lines[2].quantity`; empty for the whole document.
    public let path: String
    public let problem: Problem

    public init(path: String, problem: Problem) {
        self.path = path
        self.problem = problem
    }

    /// A problem of the whole document.
    public init(_ problem: Problem) { self.init(path: "", problem: problem) }

    /// What can be wrong with a field.
    public enum Problem: Sendable, Hashable {
        /// Not JSON (RFC 8259) from this byte on.
        case malformed(byte: Int)
        /// A required field is not there.
        case missing
        /// The field is there twice.
        case duplicate
        /// The value is of another kind.
        case not(JSONKind)
        /// The number does not fit.
        case outOfRange
        /// Objects and arrays are nested deeper than ``JSONReader/depthLimit``.
        case tooDeep
        /// A value type's own complaint, as the end of the sentence that the path begins: `is not a currency`.
        case invalid(String)
    }
}

/// The kinds of JSON values.
public enum JSONKind: String, Sendable, Hashable, CaseIterable {
    case string, integer, number, boolean, null, array, object

    /// With its article: `an integer`.
    public var phrase: String {
        switch self {
        case .null: "null"
        case .integer, .array, .object: "an \(rawValue)"
        case .string, .number, .boolean: "a \(rawValue)"
        }
    }
}

extension JSONError: CustomStringConvertible {
    /// One clause: `field 'lines[2].quantity' is not an integer`.
    public var description: String { (path.isEmpty ? "it" : "field '\(path)'") + " \(problem)" }
}

extension JSONError.Problem: CustomStringConvertible {
    public var description: String {
        switch self {
        case .malformed(let byte): "is malformed at byte \(byte)"
        case .missing: "is missing"
        case .duplicate: "is given twice"
        case .not(let kind): "is not \(kind.phrase)"
        case .outOfRange: "is out of range"
        case .tooDeep: "is nested too deep"
        case .invalid(let complaint): complaint
        }
    }
}
