/// Any JSON value.
public enum JSONValue: Sendable, Hashable {
    case null
    case boolean(Bool)
    /// A number that was written without fraction and exponent, and fits.
    case integer(Int)
    /// Any other number.
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)

    public var kind: JSONKind {
        switch self {
        case .null: .null
        case .boolean: .boolean
        case .integer: .integer
        case .number: .number
        case .string: .string
        case .array: .array
        case .object: .object
        }
    }
}

/// The value as one kind, or `nil` when it is of another.
extension JSONValue {
    public var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }
    public var integer: Int? { if case .integer(let value) = self { value } else { nil } }
    public var string: String? { if case .string(let value) = self { value } else { nil } }
    public var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
    public var object: JSONObject? { if case .object(let value) = self { value } else { nil } }

    /// An integer, too, is a number.
    public var number: Double? {
        switch self {
        case .number(let value): value
        case .integer(let value): Double(value)
        default: nil
        }
    }

    /// The field `name`, when this is an object that has it.
    public subscript(name: String) -> JSONValue? { object?[name] }
}

extension JSONValue: JSONCodable {
    /// Reads whatever comes next. No object may have a field twice.
    public init(json: inout JSONReader) throws(JSONError) {
        switch json.peekKind() {
        case .object: self = .object(try JSONObject(json: &json))
        case .array: self = .array(try [JSONValue](json: &json))
        case .string: self = .string(try json.string())
        case .number, .integer: self = try json.anyNumber()
        case .boolean: self = .boolean(try json.boolean())
        case .null:
            try json.null()
            self = .null
        case nil: throw json.malformed()
        }
    }

    public func write(to json: inout JSONWriter) {
        switch self {
        case .null: json.null()
        case .boolean(let value): json.boolean(value)
        case .integer(let value): json.integer(value)
        case .number(let value): json.number(value)
        case .string(let value): json.string(value)
        case .array(let values): values.write(to: &json)
        case .object(let object): object.write(to: &json)
        }
    }
}

extension JSONReader {
    fileprivate mutating func anyNumber() throws(JSONError) -> JSONValue {
        var probe = self
        let token = try probe.scanNumber()
        guard token.isInteger, let value = Int(token.text) else { return .number(try number()) }
        self = probe
        return .integer(value)
    }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringInterpolation, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    public init(nilLiteral: ()) { self = .null }
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
    public init(integerLiteral value: Int) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(stringLiteral value: String) { self = .string(value) }
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(JSONObject(elements.map { JSONObject.Member(key: $0, value: $1) }))
    }
}
