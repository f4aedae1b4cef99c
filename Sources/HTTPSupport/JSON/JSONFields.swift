public import EventCodec

/// Reads the fields of one JSON object, and records everything that is wrong with them, so that a client learns of
/// all its mistakes at once.
///
/// A field that nobody asks for is a mistake, too.
public struct JSONFields {
    private let object: JSONObject
    private let place: JSONPlace
    private let asked = Asked()

    private final class Asked {
        var names: [String] = []
    }

    init(_ object: JSONObject, at place: JSONPlace) {
        self.object = object
        self.place = place
    }

    /// Reads a whole body.
    ///
    /// - Parameter build: Returns `nil` when something is wrong.
    /// - Throws: 422 with everything that is wrong.
    public static func read<Value>(
        _ body: JSONValue, _ build: (JSONFields) -> Value?
    ) throws(Problem) -> Value {
        let root = JSONPlace.root()
        guard let object = body.object else { throw .invalidBody([.init(.body(pointer: ""), "is not an object")]) }
        let value = build(JSONFields(object, at: root))
        guard root.flaws.isEmpty, let value else { throw .invalidBody(root.flaws) }
        return value
    }

    /// A field that must be there.
    ///
    /// - Returns: `nil` when something is wrong with it.
    public func required<Value>(_ name: String, _ rule: JSONRule<Value>) -> Value? {
        asked.names.append(name)
        guard let value = object[name] else {
            place.field(name).report("is missing")
            return nil
        }
        return rule.read(value, place.field(name))
    }

    /// A field that may be missing; `null` is as good as no field.
    ///
    /// - Returns: `nil` when something is wrong with it, and `.some(nil)` when it is missing.
    public func optional<Value>(_ name: String, _ rule: JSONRule<Value>) -> Value?? {
        asked.names.append(name)
        guard let value = object[name], value != .null else { return .some(nil) }
        return rule.read(value, place.field(name)).map(Value?.some)
    }

    /// All fields together, once each was asked for.
    ///
    /// - Returns: `nil` when something is wrong with one of them. Fields that nobody has asked for are taken down.
    public func all<each Value>(_ values: repeat (each Value)?) -> (repeat each Value)? {
        for member in object where !asked.names.contains(member.key) {
            place.field(member.key).report("is not a field of this object")
        }
        for value in repeat each values {
            if case nil = value { return nil }
        }
        return (repeat (each values)!)
    }
}
