import EventSchema
import Testing

struct TextRulesTests {
    @Test(arguments: [
        ("^[A-Z]{3}$", "ABC", true), ("^[A-Z]{3}$", "ABCD", false), ("^[A-Z]{3}$", "AB", false),
        ("^[A-Z]{3}$", "AbC", false),
        ("^[A-Z]{3}$", "ABC\n", false), ("^[A-Za-z0-9._-]{1,64}$", "a.b_c-9", true),
        ("^[A-Za-z0-9._-]{1,64}$", "", false),
        ("^a?b*c+$", "ac", true), ("^a?b*c+$", "bbbccc", true), ("^a?b*c+$", "ab", false), ("^a*a*a$", "aaaa", true),
        ("^a{2,}$", "a", false), ("^a{2,}$", "aaaaa", true), (#"^a\.b$"#, "a.b", true), (#"^a\.b$"#, "axb", false),
        ("^$", "", true), ("^$", "a", false), ("^é$", "é", false),
    ])
    func `matches patterns`(pattern: String, text: String, matches: Bool) {
        let parsed = TextPattern(pattern)
        #expect((parsed?.matches(text) ?? false) == matches)
    }

    @Test(arguments: [
        "", "a", "^a", "a$", "^a$b$", "^(a)$", "^a|b$", "^.$", "^[$", "^[]$", "^[^a]$", "^[z-a]$", "^a{2$", "^a{2,1}$",
        "^a{x}$", "^*$", #"^\d$"#, #"^[\d]$"#, "^a{1,2,3}$",
    ])
    func `refuses other regular expressions`(pattern: String) {
        #expect(TextPattern(pattern) == nil)
    }

    @Test func `takes quadratic time at worst`() {
        let pattern = TextPattern("^a*a*a*a*a*a*a*a*b$")
        #expect(pattern?.matches(String(repeating: "a", count: 1_000)) == false)
    }

    @Test(.timeLimit(.minutes(1))) func `takes linear time where nothing is counted`() {
        let pattern = TextPattern("^a*a*a+a*b?a*c$")
        let text = String(repeating: "a", count: 50_000)
        #expect(pattern?.matches(text) == false)
        #expect(pattern?.matches(text + "c") == true)
    }

    @Test(arguments: [
        ("^a*a{2,}b$", "aab", true), ("^a*a{2,}b$", "ab", false), ("^[ab]*b+a*$", "abba", true),
        ("^[ab]*[bc]+a{2,}$", "abcaa", true), ("^[ab]*[bc]+a{2,}$", "abca", false),
        ("^[ab]*[bc]{2,}[ab]*c$", "abbabc", true), ("^[ab]*[bc]{2,}[ab]*c$", "ababac", false),
    ])
    func `finds every way through a text`(pattern: String, text: String, matches: Bool) {
        #expect(TextPattern(pattern)?.matches(text) == matches)
    }

    @Test(
        arguments: [
            (TextFormat.date, "1996-07-04", true), (.date, "2000-02-29", true), (.date, "1900-02-29", false),
            (.date, "1996-13-01", false), (.date, "1996-04-31", false), (.date, "96-07-04", false),
            (.date, "1996-07-04Z", false), (.date, "0001-01-01", true), (.date, "0000-12-31", false),
            (.dateTime, "0000-12-31T10:15:30Z", false),
            (.dateTime, "1996-07-04T10:15:30Z", true), (.dateTime, "1996-07-04t10:15:30.123456z", true),
            (.dateTime, "1996-07-04T23:59:60+05:30", true), (.dateTime, "1996-07-04T24:00:00Z", false),
            (.dateTime, "1996-07-04 10:15:30Z", false), (.dateTime, "1996-07-04T10:15:30", false),
            (.dateTime, "1996-07-04T10:15:30.Z", false), (.dateTime, "1996-07-04T10:15:30+5:30", false),
            (.uuid, "018f3a54-7a4e-7c2b-9b1e-0d6c5a1f2e3b", true),
            (.uuid, "018F3A54-7A4E-7C2B-9B1E-0D6C5A1F2E3B", true),
            (.uuid, "018f3a547a4e7c2b9b1e0d6c5a1f2e3b", false), (.uuid, "018f3a54-7a4e-7c2b-9b1e-0d6c5a1f2e3", false),
        ] as [(TextFormat, String, Bool)])
    func `knows formats`(format: TextFormat, text: String, matches: Bool) {
        #expect(format.matches(text) == matches)
    }
}
