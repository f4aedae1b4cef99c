public import EventCodec

/// What a JSON value must be like, and what it is read as.
public struct JSONRule<Value>: Sendable {
    public let read: @Sendable (JSONValue, JSONPlace) -> Value?

    /// - Parameter read: Returns `nil` after it has reported what is wrong.
    public init(_ read: @escaping @Sendable (JSONValue, JSONPlace) -> Value?) { self.read = read }

    /// Goes on from what this rule reads.
    ///
    /// - Parameter make: Returns `nil` after it has reported what is wrong.
    public func map<Other>(_ make: @escaping @Sendable (Value, JSONPlace) -> Other?) -> JSONRule<Other> {
        JSONRule<Other> { value, place in read(value, place).flatMap { make($0, place) } }
    }

    /// An object; `build` reads its fields.
    public static func object(_ build: @escaping @Sendable (JSONFields) -> Value?) -> JSONRule {
        JSONRule { value, place in
            guard let object = value.object else { return place.rejects(as: .object) }
            return build(JSONFields(object, at: place))
        }
    }

    /// A string that `make` accepts.
    ///
    /// - Parameter what: What it should be, with its article: `a currency such as USD`.
    public static func text(_ what: String, _ make: @escaping @Sendable (String) -> Value?) -> JSONRule {
        JSONRule { value, place in
            guard let text = value.string else { return place.rejects(as: .string) }
            guard let made = make(text) else {
                place.report("is not \(what)")
                return nil
            }
            return made
        }
    }
}

extension JSONRule where Value == String {
    /// Any string; whether it makes sense is the domain's to say.
    public static var string: JSONRule { text("a string") { $0 } }
}

extension JSONRule where Value == Int {
    /// A whole number.
    public static func integer(in range: ClosedRange<Int>) -> JSONRule {
        JSONRule { value, place in
            guard value.number != nil else { return place.rejects(as: .integer) }
            guard let integer = value.integer, range.contains(integer) else {
                place.report("is not a whole number from \(range.lowerBound) to \(range.upperBound)")
                return nil
            }
            return integer
        }
    }
}

extension JSONRule {
    /// An array with up to `countMax` elements.
    public static func array<Element>(of element: JSONRule<Element>, countMax: Int) -> JSONRule
    where Value == [Element] {
        JSONRule { value, place in
            guard let array = value.array else { return place.rejects(as: .array) }
            guard array.count <= countMax else {
                place.report("has more than \(countMax) elements")
                return nil
            }
            let elements = array.enumerated().map { element.read($1, place.element($0)) }
            return elements.contains { $0 == nil } ? nil : elements.compactMap { $0 }
        }
    }
}

extension JSONPlace {
    /// Reports that the value is of another kind.
    fileprivate func rejects<Value>(as kind: JSONKind) -> Value? {
        report("is not \(kind.phrase)")
        return nil
    }
}
