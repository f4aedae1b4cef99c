import EventCodec

/// The value, or the error's sentence.
func outcome<Value: JSONReadable>(_ text: String, as _: Value.Type = Value.self) -> Outcome<Value> {
    outcome(Array(text.utf8))
}

func outcome<Value: JSONReadable>(_ bytes: [UInt8], as _: Value.Type = Value.self) -> Outcome<Value> {
    do throws(JSONError) {
        return .value(try Value(jsonBytes: bytes))
    } catch {
        return .error(error.description)
    }
}

enum Outcome<Value> {
    case value(Value)
    case error(String)

    var value: Value? { if case .value(let value) = self { value } else { nil } }
    var error: String? { if case .error(let error) = self { error } else { nil } }
}

func text(_ value: some JSONWritable) -> String { String(decoding: value.jsonBytes, as: UTF8.self) }

/// What generated code looks like, in small.
struct Basket: JSONCodable, Hashable {
    var id: String
    var lines: [Line]
    var note: String?

    struct Line: Hashable {
        var quantity: Int
        var isGift: Bool?
    }

    init(id: String, lines: [Line], note: String? = nil) {
        self.id = id
        self.lines = lines
        self.note = note
    }

    init(json: inout JSONReader) throws(JSONError) {
        var id: String?
        var lines: [Line]?
        var note: String??
        let object = try json.startObject()
        while let field = try json.nextKey() {
            switch field {
            case "id": try json.read(&id)
            case "lines": try json.read(&lines)
            case "note": try json.readOptional(&note)
            default: try json.skipValue()
            }
        }
        self.id = try json.require(id, "id", in: object)
        self.lines = try json.require(lines, "lines", in: object)
        self.note = note ?? nil
    }

    func write(to json: inout JSONWriter) {
        json.startObject()
        json.key("id")
        id.write(to: &json)
        json.key("lines")
        lines.write(to: &json)
        if let note {
            json.key("note")
            note.write(to: &json)
        }
        json.endObject()
    }
}

extension Basket.Line: JSONCodable {
    init(json: inout JSONReader) throws(JSONError) {
        var quantity: Int?
        var isGift: Bool??
        let object = try json.startObject()
        while let field = try json.nextKey() {
            switch field {
            case "quantity": try json.read(&quantity)
            case "isGift": try json.readOptional(&isGift)
            default: try json.skipValue()
            }
        }
        self.quantity = try json.require(quantity, "quantity", in: object)
        self.isGift = isGift ?? nil
    }

    func write(to json: inout JSONWriter) {
        json.startObject()
        json.key("quantity")
        quantity.write(to: &json)
        if let isGift {
            json.key("isGift")
            isGift.write(to: &json)
        }
        json.endObject()
    }
}
