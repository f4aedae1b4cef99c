import Commerce
import Testing

@Suite struct `Calendar dates` {
    @Test(arguments: ["1997-01-01", "0001-01-01", "9999-12-31", "2024-02-29", "2000-02-29", "2023-04-30"])
    func `are days of the Gregorian calendar`(_ text: String) {
        #expect(CalendarDate(validating: text)?.rawValue == text)
    }

    @Test(arguments: [
        "2023-02-29", "1900-02-29", "2023-04-31", "2023-13-01", "2023-00-01", "2023-01-00", "2023-01-32", "0000-01-01",
    ])
    func `are no days that never were`(_ text: String) { #expect(CalendarDate(validating: text) == nil) }

    @Test(arguments: [
        "", "1997", "1997-1-1", "97-01-01", "1997/01/01", "1997-01-01 ", "-997-01-01", "+997-01-01", "1997-01--1",
        "١٩٩٧-01", "1997-01-01T00:00", "199-701-01", "1997-010-1",
    ])
    func `are written in one way only`(_ text: String) { #expect(CalendarDate(validating: text) == nil) }

    @Test func `are ordered as they pass`() throws {
        let first = try #require(CalendarDate(validating: "1997-12-31"))
        let second = try #require(CalendarDate(validating: "1998-01-01"))
        #expect(first < second)
    }
}
