/// The form of names that other names are made of: those of the streams of sagas, and of the schemas of rebuilds.
///
/// A `:` would end a saga's name within the name of an instance's stream. A schema is made under a name without quotes,
/// which PostgreSQL takes in lower case.
enum PlainName {
    /// The longest one, in bytes: the schema of a rebuild is named after its read model, and PostgreSQL cuts names off
    /// after 63.
    static let lengthMax = 44

    /// Whether `name` is words of lowercase letters and digits with single hyphens between them, of which the first
    /// begins with a letter: `[a-z][a-z0-9]*(-[a-z0-9]+)*`, at most ``lengthMax`` bytes.
    static func isValid(_ name: String) -> Bool {
        guard name.utf8.count <= lengthMax, let first = name.utf8.first, isLetter(first) else { return false }
        return name.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
            .allSatisfy { word in !word.isEmpty && word.allSatisfy { isLetter($0) || isDigit($0) } }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
