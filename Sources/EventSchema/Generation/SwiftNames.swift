/// How names of schemas become names of Swift.
enum SwiftNames {
    /// `orderId` → `orderID`.
    static func property(_ name: String) -> String {
        let words = words(name)
        let styled = words.prefix(1) + words.dropFirst().map { acronyms[$0] ?? $0 }
        return quoted(styled.joined())
    }

    /// `taxClass` → `TaxClass`.
    static func type(_ name: String) -> String { name.prefix(1).uppercased() + name.dropFirst() }

    /// `payment-declined` → `paymentDeclined`.
    static func enumCase(_ value: String) -> String {
        let words = value.split { !$0.isAlphanumericASCII }.map(String.init)
        let name = (words.prefix(1).map(lowercasedFirst) + words.dropFirst().map(type)).joined()
        return name.first?.isLowercaseASCII == true ? quoted(name) : "_\(name)"
    }

    /// The case of an aggregate's enum: `OrderPlaced` of `Order` → `placed`, and `Orderly` → `orderly`.
    static func eventCase(_ type: String, of aggregate: String) -> String {
        let rest = type.dropFirst(aggregate.count)
        let isPrefixed = type.hasPrefix(aggregate) && rest.first?.isUppercaseASCII == true
        return quoted(lowercasedFirst(isPrefixed ? String(rest) : type))
    }

    /// The target that a context's code is in: `orders` → `Orders`.
    static func target(_ context: String) -> String {
        context == "sagas" ? "SagaEngine" : context.split(separator: "-").map { type(String($0)) }.joined()
    }

    /// Types that generated code uses by these names.
    static let used: Set = [
        "Any", "ArraySlice", "Bool", "CaseIterable", "Double", "EventCodingError", "EventPayload", "EventType",
        "Hashable", "Int", "JSONCodable", "JSONError", "JSONReadable", "JSONReader", "JSONWriter", "Protocol", "Self",
        "Sendable", "String", "Type", "UInt8",
    ]

    private static func lowercasedFirst(_ name: String) -> String { name.prefix(1).lowercased() + name.dropFirst() }

    private static func quoted(_ name: String) -> String { keywords.contains(name) ? "`\(name)`" : name }

    /// Splits before each capital letter.
    private static func words(_ name: String) -> [String] {
        var words: [String] = []
        for character in name {
            if words.isEmpty || character.isUppercaseASCII { words.append("") }
            words[words.count - 1].append(character)
        }
        return words
    }

    private static let acronyms = [
        "Api": "API", "Http": "HTTP", "Id": "ID", "Ids": "IDs", "Ip": "IP", "Json": "JSON", "Sku": "SKU",
        "Skus": "SKUs", "Url": "URL", "Urls": "URLs", "Utc": "UTC", "Uuid": "UUID",
    ]

    private static let keywords: Set = [
        "as", "associatedtype", "break", "case", "catch", "class", "continue", "default", "defer", "deinit", "do",
        "else", "enum", "extension", "fallthrough", "false", "fileprivate", "for", "func", "guard", "if", "import",
        "in", "init", "inout", "internal", "is", "let", "nil", "operator", "precedencegroup", "private", "protocol",
        "public",
        "repeat", "rethrows", "return", "self", "static", "struct", "subscript", "super", "switch", "throw", "throws",
        "true",
        "try", "typealias", "var", "where", "while",
    ]
}
