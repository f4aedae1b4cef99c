import EventCodec
import Testing

struct JSONValueTests {
    @Test func `keeps the order of fields`() {
        let json = #"{"z":1,"a":[null,true,"x",{}],"m":-2.5}"#
        #expect(outcome(json, as: JSONValue.self).value == ["z": 1, "a": [nil, true, "x", [:]], "m": -2.5])
        #expect(outcome(json, as: JSONValue.self).value.map { text($0) } == json)
    }

    @Test(
        arguments: [
            ("1", .integer(1)), ("-0", .integer(0)), ("1.0", .number(1)), ("1e2", .number(100)),
            ("9223372036854775807", .integer(.max)), ("9223372036854775808", .number(9.223372036854775808e18)),
        ] as [(String, JSONValue)])
    func `tells integers from other numbers`(json: String, expected: JSONValue) {
        #expect(outcome(json).value == expected)
    }

    @Test func `refuses a field that is there twice, at any depth`() {
        #expect(
            outcome(#"{"a":1,"b":[{"c":1,"\u0063":2}]}"#, as: JSONValue.self).error
                == #"field 'b[0].\u0063' is given twice"#)
    }

    @Test(arguments: [2, 15, 16, 17, 18, 40])
    func `refuses a field that is there twice among many`(count: Int) {
        let members = (1..<count).map { "\"field\($0)\":\($0)" }
        for repeated in [1, count / 2 + 1, count - 1] where repeated < count {
            let json = "{\((members + ["\"field\(repeated)\":0"]).joined(separator: ","))}"
            #expect(outcome(json, as: JSONValue.self).error == "field 'field\(repeated)' is given twice")
        }
        #expect(outcome("{\(members.joined(separator: ","))}", as: JSONObject.self).value?.count == count - 1)
    }

    @Test(arguments: [2, 20])
    func `takes two names for one only when their bytes are the same`(count: Int) {
        let members = (2..<count).map { "\"field\($0)\":\($0)" } + ["\"caf\u{e9}\":1", "\"cafe\u{301}\":2"]
        let object = outcome("{\(members.joined(separator: ","))}", as: JSONObject.self).value
        #expect(object?.count == count)
        #expect(object?["caf\u{e9}"] == 1)
        #expect(object?["cafe\u{301}"] == 2)
    }

    @Test func `gives the value as one kind only`() {
        let value: JSONValue = ["text": "t", "count": 3, "share": 0.5, "flag": true, "list": [1], "nothing": nil]
        #expect(value["text"]?.string == "t")
        #expect(value["count"]?.integer == 3)
        #expect(value["count"]?.number == 3)
        #expect(value["share"]?.number == 0.5)
        #expect(value["share"]?.integer == nil)
        #expect(value["flag"]?.boolean == true)
        #expect(value["list"]?.array == [1])
        #expect(value["nothing"] == .null)
        #expect(value["other"] == nil)
        #expect(value["list"]?["text"] == nil)
        #expect(value.object?.keys == ["text", "count", "share", "flag", "list", "nothing"])
    }

    @Test func `changes fields in place`() {
        var object: JSONObject = ["a": 1, "b": 2]
        object["a"] = 3
        object["c"] = 4
        object["b"] = nil
        object["d"] = nil
        #expect(object == ["a": 3, "c": 4])
        #expect(object.count == 2)
    }

    @Test func `has a kind`() {
        let values: [JSONValue] = ["s", 1, 1.5, true, nil, [], [:]]
        #expect(values.map(\.kind) == [.string, .integer, .number, .boolean, .null, .array, .object])
    }
}
