import EventCodec
import Testing

struct StringReadingTests {
    @Test(arguments: [
        (#""""#, ""),
        (#""plain""#, "plain"),
        (#"  "between white space"  "#, "between white space"),
        (#""exactly 8""#, "exactly 8"),
        (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
        (#""\u0041\u00e9\u20AC""#, "Aé€"),
        (#""\uD83D\uDE00""#, "😀"),
        (#""\u0000""#, "\0"),
        (#""naïve 😀 text that is longer than one word""#, "naïve 😀 text that is longer than one word"),
        (#""longer than a word, and then \n an escape""#, "longer than a word, and then \n an escape"),
        ("\"\u{7F}\"", "\u{7F}"),
    ])
    func `reads text with and without escapes`(json: String, expected: String) {
        #expect(outcome(json).value == expected)
    }

    @Test(arguments: 0..<40)
    func `finds the closing quote at every offset`(length: Int) {
        let expected = String(repeating: "x", count: length)
        #expect(outcome("\"\(expected)\"").value == expected)
        #expect(outcome("\"\(expected)é\"").value == expected + "é")
        #expect(outcome("\"\(expected)\\n\"").value == expected + "\n")
        #expect(outcome("\"\(expected)é\\n\(expected)\"").value == expected + "é\n" + expected)
    }

    @Test(arguments: 0..<0x20, 0..<17)
    func `refuses control characters at every offset`(control: UInt8, length: Int) {
        let bytes = [0x22] + [UInt8](repeating: 0x78, count: length) + [control, 0x22]
        #expect(outcome(bytes, as: String.self).error == "it is malformed at byte \(length + 1)")
    }

    @Test(arguments: [
        (#"""#, 1), (#""open"#, 5), (#""\"#, 2), (#""\"#, 2), (#""ends in \""#, 11),
        (#""\x""#, 1), (#""ok \u12""#, 4), (#""\u12G4""#, 1), (#""\u 123""#, 1),
        (#""\uD83D""#, 1), (#""\uD83D\n""#, 1), (#""\uD83D\u0041""#, 1), (#""\uDE00""#, 1), (#""\uDE00\uD83D""#, 1),
    ])
    func `refuses bad escapes and lone surrogates`(json: String, byte: Int) {
        #expect(outcome(json, as: String.self).error == "it is malformed at byte \(byte)")
    }

    @Test(
        arguments: [
            [0xFF], [0x80], [0xC3], [0xC0, 0xAF], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
            [0xF8, 0x88],
        ] as [[UInt8]])
    func `refuses bytes that are not UTF-8`(bytes: [UInt8]) {
        let json = [0x22, 0x61] + bytes + [0x62, 0x22]
        #expect(outcome(json, as: String.self).error == "it is malformed at byte 1")
        #expect(outcome(json + [], as: JSONValue.self).error == "it is malformed at byte 1")
        #expect(outcome(Array("{\"skipped\":".utf8) + json + Array("}".utf8), as: Basket.self).error != nil)
    }

    @Test(arguments: ["1", "true", "null", "{}", "[]"])
    func `says when there is something else`(json: String) {
        #expect(outcome(json, as: String.self).error == "it is not a string")
    }
}
