import EventCodec
import Testing

struct ObjectReadingTests {
    @Test func `reads fields in any order`() {
        let expected = Basket(id: "b", lines: [.init(quantity: 2, isGift: true), .init(quantity: 3)], note: "n")
        #expect(
            outcome(#"{"id":"b","lines":[{"quantity":2,"isGift":true},{"quantity":3}],"note":"n"}"#).value == expected)
        let shuffled =
            #" { "note" : "n" , "lines" : [ { "isGift" : true , "quantity" : 2 } , {"quantity":3} ] , "id" : "b" } "#
        #expect(outcome(shuffled).value == expected)
    }

    @Test(arguments: [
        #"1"#, #""text""#, #"null"#, #"true"#, #"-1.5e3"#, #"[]"#, #"{}"#, #"[1,[2,{"a":[]}]]"#,
        #"{"a":{"b":[1,"x\n"]}}"#,
    ])
    func `skips fields it does not know`(value: String) {
        #expect(
            outcome(#"{"later":\#(value),"id":"b","lines":[],"again":\#(value)}"#).value == Basket(id: "b", lines: []))
    }

    @Test(arguments: [
        #"[1,]"#, #"{"a":1,}"#, #"{"a"}"#, #"{a:1}"#, #"[1 2]"#, #"{"a":1 "b":2}"#, #""\x""#, #"01"#, #"[,1]"#, #"tru"#,
        #"]"#, #""#,
    ])
    func `holds what it skips to be well formed`(value: String) {
        #expect(
            outcome(#"{"id":"b","lines":[],"later":\#(value)}"#, as: Basket.self).error?.contains("malformed") == true)
    }

    @Test func `takes null for an optional field that is not there`() {
        #expect(outcome(#"{"id":"b","lines":[],"note":null}"#).value == Basket(id: "b", lines: []))
    }

    @Test(arguments: ["", "i", "ie", "idx", "line", "lined", "lines2", "Note", "notes", "\u{130}d"])
    func `does not take one field for another`(name: String) {
        #expect(outcome(#"{"\#(name)":"x","id":"b","lines":[]}"#).value == Basket(id: "b", lines: []))
    }

    @Test(arguments: [
        ("", "none"), ("seventh", "7"), ("exactly8", "8"), ("exactly9_", "9"), ("exactlySixteen__", "16"),
        ("more than sixteen bytes", "23"), ("seventH", "none"), ("exactly0", "none"), ("exactly9-", "none"),
        ("exactlySixteen_-", "none"), ("exactlySixteen", "none"), ("more than sixteen Bytes", "none"),
    ])
    func `compares names of any length`(name: String, expected: String) throws {
        let document = Array(#"{"\#(name)":0          }"#.utf8)
        try document.withUnsafeBufferPointer { bytes in
            var json = JSONReader(bytes)
            _ = try json.startObject()
            let key = try #require(try json.nextKey())
            #expect(matched(key) == expected)
            #expect(key.text == name)
        }
    }

    @Test func `knows a field by its unescaped name`() {
        #expect(outcome(#"{"\u0069d":"b","lin\u0065s":[]}"#).value == Basket(id: "b", lines: []))
    }

    @Test(arguments: [
        (#"{"id":"b","id":"b","lines":[]}"#, "field 'id' is given twice"),
        (#"{"id":"b","i\u0064":"b","lines":[]}"#, #"field 'i\u0064' is given twice"#),
        (#"{"id":"b","lines":[],"note":null,"note":"n"}"#, "field 'note' is given twice"),
        (#"{"id":"b","lines":[{"quantity":1,"quantity":1}]}"#, "field 'lines[0].quantity' is given twice"),
    ])
    func `refuses a field that is there twice`(json: String, error: String) {
        #expect(outcome(json, as: Basket.self).error == error)
    }

    @Test(arguments: [
        (#"{}"#, "field 'id' is missing"),
        (#"{"id":"b"}"#, "field 'lines' is missing"),
        (#"{"id":7,"lines":[]}"#, "field 'id' is not a string"),
        (#"{"id":null,"lines":[]}"#, "field 'id' is not a string"),
        (#"{"id":"b","lines":{}}"#, "field 'lines' is not an array"),
        (#"{"id":"b","lines":[{"quantity":1},{"quantity":1},{}]}"#, "field 'lines[2].quantity' is missing"),
        (#"{"id":"b","lines":[{"quantity":1},{"quantity":"2"}]}"#, "field 'lines[1].quantity' is not an integer"),
        (#"{"x":{"y":[1,{"z":2}]},"id":"b","lines":[7]}"#, "field 'lines[0]' is not an object"),
        (#"{"x":"a\"b{[,","id":"b","lines":[{"quantity":1e2}]}"#, "field 'lines[0].quantity' is not an integer"),
        (#"{"id":"b","lines":[{"quantity":1}],"note":"\x"}"#, "field 'note' is malformed at byte 43"),
        (#"{"id":"b","lines":[],"later":{"a":[0,tru]}}"#, "field 'later.a[1]' is malformed at byte 37"),
        (#"{"id":"b","lines":[{"quantity":1"#, "field 'lines[0].quantity' is malformed at byte 32"),
        (#"[]"#, "it is not an object"),
        (#""#, "it is malformed at byte 0"),
        (#"{"id":"b","lines":[]} x"#, "it is malformed at byte 22"),
        (#"{"id":"b","lines":[]}{}"#, "it is malformed at byte 21"),
    ])
    func `says which field is wrong and how`(json: String, error: String) {
        #expect(outcome(json, as: Basket.self).error == error)
    }

    @Test func `does not repeat a sender's odd keys`() {
        let secret = String(repeating: "k", count: 65)
        #expect(outcome(#"{"\#(secret)":tru}"#, as: Basket.self).error == "field '…' is malformed at byte 69")
        #expect(outcome(#"{"né":tru}"#, as: Basket.self).error == "field '…' is malformed at byte 7")
    }

    @Test func `never quotes a value`() {
        let error = outcome(#"{"id":["secret"],"lines":["secret"]}"#, as: Basket.self).error
        #expect(error == "field 'id' is not a string")
    }

    @Test(arguments: ["[", "{\"a\":"])
    func `nests no deeper than its limit`(opening: String) {
        let closing = opening == "[" ? "]" : "}"
        func nested(_ depth: Int) -> String {
            String(repeating: opening, count: depth) + "1" + String(repeating: closing, count: depth)
        }
        let limit = JSONReader.depthLimit
        #expect(outcome(nested(limit), as: JSONValue.self).value != nil)
        #expect(outcome(nested(limit + 1), as: JSONValue.self).error?.hasSuffix("is nested too deep") == true)
        #expect(outcome(nested(1_000_000), as: JSONValue.self).error?.hasSuffix("is nested too deep") == true)
        let skipped = #"{"id":"b","lines":[],"later":\#(nested(limit))}"#
        #expect(outcome(skipped, as: Basket.self).error?.hasSuffix("is nested too deep") == true)
    }

    @Test func `nests as deep as it is told to`() throws {
        let deep = Array((String(repeating: "[", count: 70) + String(repeating: "]", count: 70)).utf8)
        #expect(throws: JSONError.self) { try JSONValue(jsonBytes: deep) }
        #expect(throws: JSONError.self) { try JSONValue(jsonBytes: deep, depthMax: 69) }
        #expect(try JSONValue(jsonBytes: deep, depthMax: 70).array?.count == 1)
    }

    @Test func `gives depth back when a container is closed`() {
        let wide = "[" + Array(repeating: "[[]]", count: 1_000).joined(separator: ",") + "]"
        #expect(outcome(wide, as: JSONValue.self).value?.array?.count == 1_000)
    }

    @Test func `reads from a slice of a larger buffer`() throws {
        let page = Array(#"xx{"id":"b","lines":[]}yy"#.utf8)
        #expect(try Basket(jsonBytes: page[2..<(page.count - 2)]) == Basket(id: "b", lines: []))
        #expect(throws: JSONError.self) { try Basket(jsonBytes: page[2..<2]) }
    }
}

private func matched(_ key: JSONKey) -> String {
    switch key {
    case "seventh": "7"
    case "exactly8": "8"
    case "exactly9_": "9"
    case "exactlySixteen__": "16"
    case "more than sixteen bytes": "23"
    default: "none"
    }
}
