import EventSourcing
import Testing

@Suite struct `Timestamps as text` {
    @Test(arguments: [Int64(0), 1, 951_827_696_123_456, 1_732_320_000_000_000, -1, -62_167_219_200_000_000])
    func `read what they write`(_ microseconds: Int64) {
        let timestamp = Timestamp(microsecondsSince1970: microseconds)
        #expect(Timestamp(timestamp.description) == timestamp)
    }

    @Test func `may be written without decimals`() {
        #expect(Timestamp("1970-01-02T00:00:01Z") == Timestamp(microsecondsSince1970: 86_401_000_000))
    }

    @Test(
        arguments: [
            "", "1970-01-01", "1997-02-29T00:00:00Z", "1997-13-01T00:00:00Z", "1997-01-01T24:00:00Z",
            "1997-01-01T00:00:00+", "1997-01-01 00:00:00Z", "1997-01-01T00:00:00.12345Z", "é997-01-01T00:00:0Z",
            "1997-01-01T00:00:00,123456Z", "19x7-01-01T00:00:00Z",
        ])
    func `are nothing else`(_ text: String) {
        #expect(Timestamp(text) == nil)
    }
}

@Suite struct `Timestamps` {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000000Z"),
        (1, "1970-01-01T00:00:00.000001Z"),
        (-1, "1969-12-31T23:59:59.999999Z"),
        (951_782_400_000_000, "2000-02-29T00:00:00.000000Z"),
        (951_868_799_999_999, "2000-02-29T23:59:59.999999Z"),
        (951_868_800_000_000, "2000-03-01T00:00:00.000000Z"),
        (1_709_164_800_000_000, "2024-02-29T00:00:00.000000Z"),
        (1_704_067_199_000_000, "2023-12-31T23:59:59.000000Z"),
        (-2_203_891_200_000_000, "1900-03-01T00:00:00.000000Z"),
        (-2_203_891_200_000_001, "1900-02-28T23:59:59.999999Z"),
        (-14_182_940_000_000, "1969-07-20T20:17:40.000000Z"),
        (-62_135_596_800_000_000, "0001-01-01T00:00:00.000000Z"),
        (253_402_300_799_999_999, "9999-12-31T23:59:59.999999Z"),
    ])
    func `are written as RFC 3339 says`(_ micros: Int64, _ text: String) {
        let timestamp = Timestamp(microsecondsSince1970: micros)
        #expect(timestamp.description == text)
        #expect(timestamp.day == String(text.prefix(10)))
    }

    /// The days of four centuries, which are one turn of the Gregorian calendar, counted by hand.
    @Test func `count every day of the calendar`() {
        var (year, month, day) = (1900, 1, 1)
        for index in -25_567..<(146_097 - 25_567) {
            let text = Timestamp(microsecondsSince1970: Int64(index) * 86_400_000_000).day
            let digits = text.split(separator: "-").compactMap { Int($0) }
            guard digits == [year, month, day] else {
                Issue.record("day \(index) is \(text) and not \(year)-\(month)-\(day)")
                return
            }
            day += 1
            if day > days(month, year) { (month, day) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
        }
        #expect((year, month, day) == (2300, 1, 1))
    }

    @Test(
        arguments: [
            (Duration.seconds(1), 1_000_000), (.microseconds(1), 1), (.milliseconds(-1), -1_000),
            (.seconds(-2), -2_000_000),
            (.nanoseconds(1_999), 1), (.zero, 0),
        ] as [(Duration, Int64)])
    func `are moved by durations`(_ duration: Duration, _ micros: Int64) {
        #expect(Timestamp(microsecondsSince1970: 0).advanced(by: duration).microsecondsSince1970 == micros)
    }

    @Test func `are ordered by time`() {
        #expect(Timestamp(microsecondsSince1970: -1) < Timestamp(microsecondsSince1970: 0))
    }

    private func days(_ month: Int, _ year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }
}
