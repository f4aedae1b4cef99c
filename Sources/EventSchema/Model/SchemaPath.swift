/// Where a schema lives in `EventSchemas`, which also says what it is: `orders/OrderPlaced.v1.json`.
public struct SchemaPath: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The folder of shapes that all contexts share.
    public static let common = "common"

    /// The longest name, in bytes: that of a type of events, as a store takes it.
    static let nameLengthMax = 128

    public let context: String
    /// The type of event, or the name of a shared shape.
    public let name: String
    public let version: Int

    /// - Returns: `nil` when `path` is not `<context>/<Name>.v<N>.json`.
    public init?(_ path: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, isContextName(parts[0]) else { return nil }
        let words = parts[1].split(separator: ".", omittingEmptySubsequences: false)
        guard words.count == 3, words[2] == "json", isTypeName(words[0]), words[0].utf8.count <= Self.nameLengthMax,
            words[1].first == "v", let version = Int(words[1].dropFirst()), version > 0, words[1] == "v\(version)"
        else { return nil }
        context = String(parts[0])
        name = String(words[0])
        self.version = version
    }

    public var description: String { "\(context)/\(name).v\(version).json" }

    public static func < (left: Self, right: Self) -> Bool {
        (left.context, left.name, left.version) < (right.context, right.name, right.version)
    }
}

private func isContextName(_ text: Substring) -> Bool {
    text.first?.isLowercaseASCII == true && text.allSatisfy { $0.isLowercaseASCII || $0.isDigitASCII || $0 == "-" }
}

/// Whether `text` can name a Swift type.
func isTypeName(_ text: some StringProtocol) -> Bool {
    text.first?.isUppercaseASCII == true && text.allSatisfy(\.isAlphanumericASCII)
}

/// Whether `text` can name a field, and a Swift property after it.
func isFieldName(_ text: some StringProtocol) -> Bool {
    text.first?.isLowercaseASCII == true && text.allSatisfy(\.isAlphanumericASCII)
}

extension Character {
    var isUppercaseASCII: Bool { isASCII && isUppercase }
    var isLowercaseASCII: Bool { isASCII && isLowercase }
    var isDigitASCII: Bool { isASCII && isWholeNumber }
    var isAlphanumericASCII: Bool { isUppercaseASCII || isLowercaseASCII || isDigitASCII }
}
