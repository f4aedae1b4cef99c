import EventCodec
import Testing

struct JSONWriterTests {
    @Test(arguments: [
        ("", #""""#), ("plain", #""plain""#), ("a\"b\\c/d", #""a\"b\\c/d""#),
        ("\u{8}\u{C}\n\r\t", #""\b\f\n\r\t""#), ("\0\u{1}\u{1F}", #""\u0000\u0001\u001f""#),
        ("é😀\u{7F}\u{2028}", "\"é😀\u{7F}\u{2028}\""), ("\n", #""\n""#), ("a\n", #""a\n""#), ("\na", #""\na""#),
    ])
    func `escapes only what must be`(value: String, expected: String) {
        #expect(text(value) == expected)
    }

    @Test(arguments: [(0, "0"), (-1, "-1"), (1234, "1234"), (Int.max, "\(Int.max)"), (Int.min, "\(Int.min)")])
    func `writes integers`(value: Int, expected: String) {
        #expect(text(value) == expected)
    }

    @Test(arguments: [(0.1, "0.1"), (-1.5, "-1.5"), (1e100, "1e+100"), (.infinity, "null"), (.nan, "null")])
    func `writes numbers`(value: Double, expected: String) {
        #expect(text(value) == expected)
    }

    @Test func `writes fields in order and leaves out what is nil`() {
        let basket = Basket(id: "b", lines: [.init(quantity: 1), .init(quantity: 2, isGift: false)])
        #expect(text(basket) == #"{"id":"b","lines":[{"quantity":1},{"quantity":2,"isGift":false}]}"#)
        #expect(text(Basket(id: "b", lines: [], note: "n")) == #"{"id":"b","lines":[],"note":"n"}"#)
    }

    @Test func `writes fields in one go, and none for nil`() {
        var json = JSONWriter()
        json.startObject()
        json.field("a", "text")
        json.field("b", 1)
        json.field("c", String?.none)
        json.field("d", String?.some("some"))
        json.endObject()
        #expect(String(decoding: json.bytes, as: UTF8.self) == #"{"a":"text","b":1,"d":"some"}"#)
    }

    @Test func `goes on behind what is there`() {
        var bytes = Array("before ".utf8)
        Basket(id: "b", lines: []).appendJSON(to: &bytes)
        true.appendJSON(to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == #"before {"id":"b","lines":[]}true"#)
    }

    /// It would come back as `null`, which nobody reads as a number.
    @Test func `keeps no number that JSON does not have, and says where it stands`() {
        let (infinity, nothing) = (JSONValue.number(-Double.infinity), JSONValue.number(Double.nan))
        for (value, place) in [
            (infinity, "it"), (["a": [1, nothing], "b": 2], "field 'a[1]'"),
            (["a": ["b": 1, "c": infinity], "d": nothing], "field 'a.c'"),
        ] as [(JSONValue, String)] {
            var bytes = Array("before ".utf8)
            let error = #expect(throws: JSONError.self) { try value.encodeJSON(to: &bytes) }
            #expect(error?.description == "\(place) is not a finite number")
            #expect(String(decoding: bytes, as: UTF8.self) == "before ")
        }
    }

    @Test func `keeps what JSON has, behind what is there`() throws {
        var bytes = Array("before ".utf8)
        try Basket(id: "b", lines: []).encodeJSON(to: &bytes)
        try [0.5, -1].encodeJSON(to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == #"before {"id":"b","lines":[]}[0.5,-1.0]"#)
    }

    @Test func `writes arrays, optionals and empty containers`() {
        #expect(text([1, nil, 3] as [Int?]) == "[1,null,3]")
        #expect(text([[true], []]) == "[[true],[]]")
        #expect(text(JSONValue.object([:])) == "{}")
    }
}
