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

    mutating func count(_ keyword: String) -> Int? {
        take(keyword, "an integer of 0 or more") { $0.integer.flatMap { $0 >= 0 ? $0 : nil } }
    }

    mutating func strings(_ keyword: String) -> [String]? {
        take(keyword, "an array of different strings") { value in
            guard let strings = value.array?.map(\.string), Set(strings).count == strings.count else { return nil }
            return strings.contains(nil) ? nil : strings.compactMap(\.self)
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
