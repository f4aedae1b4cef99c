/// A JSON object: fields in the order in which they were written.
public struct JSONObject: Sendable, Hashable {
    /// One field.
    public struct Member: Sendable, Hashable {
        public var key: String
        public var value: JSONValue

        public init(key: String, value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    public private(set) var members: [Member]

    /// An object of `members`, whose keys differ.
    public init(_ members: [Member] = []) { self.members = members }

    public var keys: [String] { members.map(\.key) }

    /// The field `name`, byte for byte. A new one goes to the end; `nil` takes it away.
    public subscript(name: String) -> JSONValue? {
        get { members.first { $0.key.hasSameBytes(as: name) }?.value }
        set {
            let index = members.firstIndex { $0.key.hasSameBytes(as: name) }
            switch (index, newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append(Member(key: name, value: value))
            case (nil, nil): break
            }
        }
    }
}

extension JSONObject: Sequence {
    public func makeIterator() -> IndexingIterator<[Member]> { members.makeIterator() }
    public var count: Int { members.count }
    public var isEmpty: Bool { members.isEmpty }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init(elements.map { Member(key: $0, value: $1) })
    }
}

extension JSONObject: JSONCodable {
    public init(json: inout JSONReader) throws(JSONError) {
        var members: [Member] = []
        var names = SeenNames()
        _ = try json.startObject()
        while let key = try json.nextKey() {
            let name = key.text
            guard names.insert(name, after: members) else { throw json.failure(.duplicate) }
            members.append(Member(key: name, value: try JSONValue(json: &json)))
        }
        self.init(members)
    }

    public func write(to json: inout JSONWriter) {
        json.startObject()
        for member in members {
            json.key(named: member.key)
            member.value.write(to: &json)
        }
        json.endObject()
    }
}

/// Finds names that come twice: by looking at all of them while they are few, and by hashing when they are many.
private struct SeenNames {
    private var hashed: Set<[UInt8]> = []

    mutating func insert(_ name: String, after members: [JSONObject.Member]) -> Bool {
        if members.count < 16 { return !members.contains { $0.key.hasSameBytes(as: name) } }
        if hashed.isEmpty { hashed = Set(members.map { Array($0.key.utf8) }) }
        return hashed.insert(Array(name.utf8)).inserted
    }
}

extension String {
    /// Names are the same when their bytes are, as for whoever reads fields: `==` takes K and the sign of Kelvin for
    /// one.
    func hasSameBytes(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
