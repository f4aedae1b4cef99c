/// Swift source that is being written, line by line.
struct SourceText {
    private(set) var text = ""
    private var depth = 0

    mutating func line(_ line: String = "") {
        if !line.isEmpty { text += String(repeating: "    ", count: depth) + line }
        text += "\n"
    }

    /// `head {`, an indented body, and `}`.
    mutating func block(_ head: String, _ body: (inout SourceText) -> Void) {
        line("\(head) {")
        depth += 1
        body(&self)
        depth -= 1
        line("}")
    }

    /// A documentation comment, broken into lines.
    mutating func documentation(_ sentence: String?) {
        guard let sentence else { return }
        var current = "///"
        for word in sentence.split(whereSeparator: \.isWhitespace) {
            if current.count > 3, depth * 4 + current.count + 1 + word.count > width {
                line(current)
                current = "///"
            }
            current += " \(word)"
        }
        line(current)
    }

    /// `head(item, item)tail`, with the items on lines of their own when they are too many for one.
    mutating func list(_ head: String, _ items: [String], _ tail: String) {
        let short = head + items.joined(separator: ", ") + tail
        if depth * 4 + short.count <= width { return line(short) }
        line(head)
        depth += 1
        for (index, item) in items.enumerated() { line(item + (index == items.count - 1 ? "" : ",")) }
        depth -= 1
        line(tail)
    }
}

private let width = 120
