import EventSourcingTesting
import FoundationEssentials
import Testing

@testable import PostgresEventStore

@Suite struct `The lines of a file` {
    private func lines(of text: [UInt8]) throws -> [[UInt8]] {
        let path = FileManager.default.temporaryDirectory.appending(path: "strata-lines-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(text).write(to: URL(filePath: path))
        let file = try LineFile(path)
        var lines: [[UInt8]] = []
        while let line = try file.withNextLine({ Array($0) }) { lines.append(line) }
        #expect(file.lineNumber == lines.count && file.bytesRead == text.count)
        return lines
    }

    @Test func `are what is between line feeds, with or without one at the end`() throws {
        #expect(try lines(of: []) == [])
        #expect(try lines(of: Array("a\n\nb".utf8)) == [Array("a".utf8), [], Array("b".utf8)])
        #expect(try lines(of: Array("a\nb\n".utf8)) == [Array("a".utf8), Array("b".utf8)])
    }

    @Test func `come whole wherever blocks end`() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = Seeded(seed)
        let expected = (0..<60).map { _ in
            [UInt8](
                repeating: UInt8.random(in: 32..<127, using: &random), count: Int.random(in: 0..<90_000, using: &random)
            )
        }
        #expect(try lines(of: Array(expected.joined(separator: [0x0A])) + [0x0A]) == expected, "seed \(seed)")
    }

    @Test func `that are too long are named by their number`() throws {
        let text = Array("a\n".utf8) + [UInt8](repeating: 0x78, count: LineFile.lineBytesMax + (2 << 20))
        let error = #expect(throws: EventImportError.self) { try lines(of: text) }
        #expect(error?.badLines == [2])
    }
}
