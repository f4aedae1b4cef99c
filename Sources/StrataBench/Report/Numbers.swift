internal import Foundation

extension Double {
    /// For people: whole numbers in groups of three digits from 100 on, two decimals below.
    var short: String {
        guard abs(self) >= 100 else {
            let text = String(format: "%.2f", self)
            return text.hasSuffix(".00") ? String(text.dropLast(3)) : text
        }
        let digits = String(Int(rounded()).magnitude)
        var groups = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { groups.append(",") }
            groups.append(digit)
        }
        return (self < 0 ? "-" : "") + groups
    }
}

/// "1 writer", "8 writers".
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
