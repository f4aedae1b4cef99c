extension Timestamp {
    /// Reads what ``description`` writes, with six decimals or without any: `1997-01-01T00:00:00Z`.
    ///
    /// - Returns: `nil` for anything else, also for a day that no calendar has.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 27 || bytes.count == 20, bytes.last == UInt8(ascii: "Z") else { return nil }
        func number(_ digits: Range<Int>) -> Int64 {
            bytes[digits].reduce(0) { $0 * 10 + Int64($1 & 0x0F) }
        }
        let days = CivilDate.daysSince1970(year: number(0..<4), month: number(5..<7), day: number(8..<10))
        let seconds = ((days * 24 + number(11..<13)) * 60 + number(14..<16)) * 60 + number(17..<19)
        self.init(microsecondsSince1970: seconds * 1_000_000 + (bytes.count == 27 ? number(20..<26) : 0))
        // What is no such text does not come back the same.
        guard description == (bytes.count == 27 ? text : text.dropLast() + ".000000Z") else { return nil }
    }
}

extension CivilDate {
    /// The day of a date of the proleptic Gregorian calendar (H. Hinnant, "chrono-compatible low-level date
    /// algorithms"), for years from 0 on.
    fileprivate static func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
