/// The formats of JSON Schema (Validation, section 7.3) that are checked.
public enum TextFormat: String, Sendable, Hashable, CaseIterable {
    /// `full-date` of RFC 3339, from year 1 on.
    case date
    /// `date-time` of RFC 3339.
    case dateTime = "date-time"
    /// RFC 9562.
    case uuid

    public func matches(_ text: String) -> Bool {
        switch self {
        case .date: isDate(text)
        case .dateTime: isDateTime(text)
        case .uuid: uuidPattern.matches(text)
        }
    }
}

private let uuidPattern = TextPattern(digits: "[0-9a-fA-F]", groups: [8, 4, 4, 4, 12])

private func isDate(_ text: some StringProtocol) -> Bool {
    let parts = numbers(text, separator: "-", widths: [4, 2, 2])
    // RFC 3339 has a year 0; PostgreSQL has none, and so a read model could not hold it.
    guard let parts, parts[0] > 0, (1...12).contains(parts[1]) else { return false }
    return (1...days(in: parts[1], of: parts[0])).contains(parts[2])
}

private func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
}

private func isDateTime(_ text: String) -> Bool {
    guard text.utf8.count >= 20, text.utf8.allSatisfy({ $0 < 0x80 }) else { return false }
    let time = text.dropFirst(11)
    guard isDate(text.prefix(10)), text.dropFirst(10).first?.uppercased() == "T", isTime(time.prefix(8)) else {
        return false
    }
    var rest = time.dropFirst(8)
    if rest.first == "." {
        let fraction = rest.dropFirst().prefix { $0.isDigitASCII }
        guard !fraction.isEmpty else { return false }
        rest = rest.dropFirst(fraction.count + 1)
    }
    return rest.uppercased() == "Z" || isOffset(rest)
}

private func isTime(_ text: some StringProtocol) -> Bool {
    guard let parts = numbers(text, separator: ":", widths: [2, 2, 2]) else { return false }
    return parts[0] < 24 && parts[1] < 60 && parts[2] <= 60
}

private func isOffset(_ text: Substring) -> Bool {
    guard text.first == "+" || text.first == "-",
        let parts = numbers(text.dropFirst(), separator: ":", widths: [2, 2])
    else { return false }
    return parts[0] < 24 && parts[1] < 60
}

private func numbers(_ text: some StringProtocol, separator: Character, widths: [Int]) -> [Int]? {
    let parts = text.split(separator: separator, omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == widths, parts.allSatisfy({ $0.allSatisfy(\.isDigitASCII) }) else { return nil }
    return parts.compactMap { Int($0) }
}
