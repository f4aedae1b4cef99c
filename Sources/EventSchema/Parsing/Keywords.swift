internal import EventCodec

/// The keywords of one schema: taken one by one, and complained about when they are not what they should be or are
/// left over.
struct Keywords {
    private let pointer: JSONPointer
    private let file: String
    private var rest: JSONObject
    private(set) var findings: [Finding] = []

    init(_ object: JSONObject, at pointer: JSONPointer, in file: String) {
        rest = object
        self.pointer = pointer
        self.file = file
    }

    func has(_ keyword: String) -> Bool { rest[keyword] != nil }

    mutating func take(_ keyword: String) -> JSONValue? {
        defer { rest[keyword] = nil }
        return rest[keyword]
    }

    mutating func string(_ keyword: String) -> String? { take(keyword, "a string", \.string) }
    mutating func integer(_ keyword: String) -> Int? { take(keyword, "an integer", \.integer) }
    mutating func number(_ keyword: String) -> Double? { take(keyword, "a number", \.number) }
    mutating func boolean(_ keyword: String) -> Bool? { take(keyword, "a boolean", \.boolean) }
    mutating func object(_ keyword: String) -> JSONObject? { take(keyword, "an object", \.object) }
    mutating func array(_ keyword: String) -> [JSONValue]? { take(keyword, "an array", \.array) }

    mutating func typeName(_ keyword: String) -> String? {
        take(keyword, "the name of a Swift type") { $0.string.flatMap { isTypeName($0) ? $0 : nil } }
    }

    mutating func count(_ keyword: String) -> Int? {
        take(keyword, "an integer of 0 or more") { $0.integer.flatMap { $0 >= 0 ? $0 : nil } }
    }

    mutating func strings(_ keyword: String) -> [String]? {
        take(keyword, "an array of strings") { value in
            value.array.flatMap { $0.allSatisfy { $0.string != nil } ? $0.compactMap(\.string) : nil }
        }
    }

    /// Values that can be cases of an enum in Swift.
    mutating func enumValues(_ keyword: String) -> [String]? {
        take(keyword, "an array of different words of letters, digits, '-', '_' and '.'") { value in
            guard let words = value.array?.compactMap(\.string), words.count == value.array?.count else { return nil }
            return Set(words).count == words.count && !words.isEmpty && words.allSatisfy(isEnumValue) ? words : nil
        }
    }

    mutating func take<Value>(_ keyword: String, _ phrase: String, _ read: (JSONValue) -> Value?) -> Value? {
        guard let value = take(keyword) else { return nil }
        guard let result = read(value) else {
            complain("\(pointer.appending(keyword)) must be \(phrase).")
            return nil
        }
        return result
    }

    mutating func complain(_ message: String) { findings.append(Finding(file: file, message: message)) }

    /// Complains about every keyword that nobody took.
    mutating func end() {
        for keyword in rest.keys {
            complain(
                "\(pointer.appending(keyword)) is not supported; use the keywords that are, or take it out."
            )
        }
    }
}

private func isEnumValue(_ text: String) -> Bool {
    text.first?.isAlphanumericASCII == true && text.allSatisfy { $0.isAlphanumericASCII || "-_.".contains($0) }
}
