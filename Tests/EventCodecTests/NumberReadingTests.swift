import EventCodec
import Testing

struct NumberReadingTests {
    @Test(arguments: [
        ("0", 0), ("-0", 0), ("7", 7), ("-12", -12), (" 42 ", 42), ("1234567890123456789", 1_234_567_890_123_456_789),
        ("9223372036854775807", .max), ("-9223372036854775808", .min),
    ])
    func `reads integers`(json: String, expected: Int) {
        #expect(outcome(json).value == expected)
    }

    @Test(arguments: [
        ("9223372036854775808", "is out of range"), ("-9223372036854775809", "is out of range"),
        ("18446744073709551616", "is out of range"), ("99999999999999999999999999", "is out of range"),
        ("99999999999999999999999999.5", "is not an integer"), ("1.0", "is not an integer"),
        ("1e2", "is not an integer"),
        ("\"1\"", "is not an integer"), ("null", "is not an integer"), ("true", "is not an integer"),
        ("", "is malformed at byte 0"), ("-", "is malformed at byte 1"), ("+1", "is malformed at byte 0"),
        ("01", "is malformed at byte 1"), ("-01", "is malformed at byte 2"), ("1x", "is malformed at byte 1"),
        ("1.", "is malformed at byte 2"), ("1.x", "is malformed at byte 2"), ("0x10", "is malformed at byte 1"),
        (".5", "is malformed at byte 0"), ("--1", "is malformed at byte 1"), ("1 2", "is malformed at byte 2"),
    ])
    func `refuses what is no integer`(json: String, complaint: String) {
        #expect(outcome(json, as: Int.self).error == "it \(complaint)")
    }

    @Test(arguments: [
        ("0", 0.0), ("-0.0", -0.0), ("1.5", 1.5), ("-2.25e3", -2250), ("1E+2", 100), ("1e-2", 0.01), ("12345", 12345),
        ("1.7976931348623157e308", .greatestFiniteMagnitude), ("1e-400", 0),
    ])
    func `reads numbers`(json: String, expected: Double) {
        #expect(outcome(json).value == expected)
    }

    @Test(arguments: [
        ("1e400", "is out of range"), ("-1e309", "is out of range"), ("\"1\"", "is not a number"),
        ("1.", "is malformed at byte 2"), ("1e", "is malformed at byte 2"), ("1e+", "is malformed at byte 3"),
        ("01.5", "is malformed at byte 1"), ("NaN", "is malformed at byte 0"), ("-Infinity", "is malformed at byte 1"),
        ("1_000", "is malformed at byte 1"),
    ])
    func `refuses what is no number`(json: String, complaint: String) {
        #expect(outcome(json, as: Double.self).error == "it \(complaint)")
    }

    @Test func `reads numbers of any length`() {
        let digits = String(repeating: "7", count: 100_000)
        #expect(outcome(digits, as: Int.self).error == "it is out of range")
        #expect(outcome(digits, as: Double.self).error == "it is out of range")
        #expect(outcome("0." + digits, as: Double.self).value == 7.0 / 9.0)
        #expect(outcome("1e" + digits, as: Double.self).error == "it is out of range")
    }

    @Test(arguments: [("true", true), ("false", false)])
    func `reads booleans`(json: String, expected: Bool) {
        #expect(outcome(json).value == expected)
    }

    @Test(arguments: ["tru", "True", "truex", "fals", "falsE", "t", "nul"])
    func `refuses words that JSON does not have`(json: String) {
        #expect(outcome(json, as: Bool.self).error != nil)
        #expect(outcome(json, as: JSONValue.self).error != nil)
    }
}
