/// A regular expression of the small, portable kind that schemas are written with: `^[A-Z]{3}$`.
///
/// Anchored at both ends; a sequence of ASCII characters, escaped ones and `[…]` classes, each with an optional
/// `?`, `*`, `+`, `{n}`, `{n,}` or `{n,m}`. Matching takes time proportional to the square of the text at worst.
public struct TextPattern: Sendable, Hashable {
    struct Item: Sendable, Hashable {
        var ranges: [ClosedRange<Unicode.Scalar>]
        var counts: ClosedRange<Int> = 1...1

        func admits(_ scalar: Unicode.Scalar) -> Bool { ranges.contains { $0.contains(scalar) } }
    }

    /// As written in the schema.
    public let source: String
    private let items: [Item]

    /// - Returns: `nil` when `source` is not of this kind.
    public init?(_ source: String) {
        var parser = TextPatternParser(source)
        guard let items = parser.parse() else { return nil }
        self.source = source
        self.items = items
    }

    /// Groups of as many `digits` as `groups` says, joined by hyphens.
    init(digits: String, groups: [Int]) {
        let source = "^" + groups.map { "\(digits){\($0)}" }.joined(separator: "-") + "$"
        var parser = TextPatternParser(source)
        self.source = source
        items = parser.parse() ?? []
    }

    public func matches(_ text: String) -> Bool {
        let scalars = Array(text.unicodeScalars)
        var places: Set<Int> = [0]
        for item in items {
            var next: Set<Int> = []
            for place in places { item.advance(from: place, in: scalars, to: &next) }
            places = next
        }
        return places.contains(scalars.count)
    }
}

extension TextPattern.Item {
    /// Adds every place that this item can lead to.
    fileprivate func advance(from place: Int, in scalars: [Unicode.Scalar], to places: inout Set<Int>) {
        var count = 0
        while true {
            if counts.contains(count) {
                let isNew = places.insert(place + count).inserted
                // Whoever came by here before went on from here, without a limit, as far as it goes.
                if !isNew, counts.upperBound == .max { return }
            }
            guard count < counts.upperBound, place + count < scalars.count, admits(scalars[place + count]) else {
                return
            }
            count += 1
        }
    }
}

/// Reads a ``TextPattern``.
struct TextPatternParser {
    private var rest: Substring.UnicodeScalarView

    init(_ source: String) { rest = Substring(source).unicodeScalars }

    mutating func parse() -> [TextPattern.Item]? {
        guard rest.popFirst() == "^" else { return nil }
        var items: [TextPattern.Item] = []
        while let scalar = rest.popFirst() {
            if scalar == "$" { return rest.isEmpty ? items : nil }
            guard var item = item(scalar) else { return nil }
            guard let counts = counts() else { return nil }
            item.counts = counts
            items.append(item)
        }
        return nil
    }

    private mutating func item(_ scalar: Unicode.Scalar) -> TextPattern.Item? {
        switch scalar {
        case "[": classItem()
        case "\\": rest.popFirst().flatMap { isPunctuation($0) ? TextPattern.Item(ranges: [$0...$0]) : nil }
        case "(", ")", "|", ".", "*", "+", "?", "{", "}", "]", "^": nil
        default: scalar.isASCII ? TextPattern.Item(ranges: [scalar...scalar]) : nil
        }
    }

    private mutating func classItem() -> TextPattern.Item? {
        guard rest.first != "^" else { return nil }
        var ranges: [ClosedRange<Unicode.Scalar>] = []
        while let first = rest.popFirst() {
            if first == "]" { return ranges.isEmpty ? nil : TextPattern.Item(ranges: ranges) }
            guard first.isASCII, first != "\\", first != "[" else { return nil }
            if rest.first == "-", let last = rest.dropFirst().first, last != "]" {
                guard last.isASCII, last != "\\", first <= last else { return nil }
                rest = rest.dropFirst(2)
                ranges.append(first...last)
            } else {
                ranges.append(first...first)
            }
        }
        return nil
    }

    private mutating func counts() -> ClosedRange<Int>? {
        switch rest.first {
        case "?": take(0...1)
        case "*": take(0...Int.max)
        case "+": take(1...Int.max)
        case "{": bounds()
        default: 1...1
        }
    }

    private mutating func take(_ counts: ClosedRange<Int>) -> ClosedRange<Int> {
        rest.removeFirst()
        return counts
    }

    private mutating func bounds() -> ClosedRange<Int>? {
        rest.removeFirst()
        guard let close = rest.firstIndex(of: "}") else { return nil }
        let parts = String(rest[..<close]).split(separator: ",", omittingEmptySubsequences: false)
        rest = rest[rest.index(after: close)...]
        guard let lower = Int(parts[0]), lower >= 0, parts.count <= 2 else { return nil }
        let upper = parts.count == 1 ? lower : parts[1].isEmpty ? Int.max : Int(parts[1])
        guard let upper, lower <= upper else { return nil }
        return lower...upper
    }
}

private func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    (0x21...0x7E).contains(scalar.value) && !Character(scalar).isLetter && !Character(scalar).isNumber
}
