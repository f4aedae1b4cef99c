import Terminal
import Testing

struct TableTests {
    @Test func `lines up its columns`() {
        var table = Table("field", "value")
        table.add("a", "1")
        table.add("reason", "")
        #expect(table.rendered == "field   value\n──────  ─────\na       1\nreason")
    }

    @Test func `obeys no control character in a cell`() {
        var table = Table("field", "value")
        table.add("reason", "a\u{1B}[2Jb\rc\u{9B}31md\ne")
        table.add("actor\u{1B}", "\r\n")
        let lines = table.rendered.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 4)
        #expect(lines[2] == #"reason       a\u{1B}[2Jb\rc\u{009B}31md\ne"#)
        #expect(lines[3] == #"actor\u{1B}  \r\n"#)
    }
}
