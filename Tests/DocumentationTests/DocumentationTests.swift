import Foundation
import Testing

/// What the documents show is compiled and tested here, so that it cannot rot there.
@Suite struct `Code in the documents` {
    @Test func `of the README is what is compiled`() throws {
        let manifest = "// swift-tools-version"
        let blocks = try swiftBlocks("README.md").filter { !$0.hasPrefix(manifest) }
        try expectCompiled(blocks, in: ["Seat.swift", "SeatTests.swift"])
        #expect(try blocks.contains(source("Seat.swift")))
    }

    @Test func `of the README shows all three parts in 30 lines`() throws {
        #expect(try source("Seat.swift").count { $0.isNewline } <= 30)
    }

    @Test func `of the guide for Swift teams is what is compiled`() throws {
        let blocks = try swiftBlocks("docs/guides/swift-teams.md")
        try expectCompiled(
            blocks,
            in: [
                "Account.swift", "AccountTests.swift", "CommandTests.swift", "Bank.swift",
                "../EventSourcingTests/DecisionExample.swift", "../EventSourcingTests/DecisionExampleTests.swift",
            ])
        #expect(blocks.count >= 10)
    }

    private func expectCompiled(_ blocks: [String], in files: [String]) throws {
        let sources = try files.map(source)
        for block in blocks {
            #expect(sources.contains { $0.contains(block) || $0.contains(indented(block)) }, "not compiled:\n\(block)")
        }
    }

    private let here = URL(filePath: #filePath).deletingLastPathComponent()

    private func source(_ name: String) throws -> String {
        try String(contentsOf: here.appending(path: name), encoding: .utf8)
    }

    /// The text between each "```swift" and its end.
    private func swiftBlocks(_ document: String) throws -> [String] {
        let file = here.appending(path: "../../\(document)").standardized
        return try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n```swift\n").dropFirst().map {
            String($0.prefix(upTo: ($0.range(of: "\n```")?.lowerBound ?? $0.endIndex))) + "\n"
        }
    }

    /// `text` as it stands in the body of a test.
    private func indented(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.isEmpty ? "" : "        \($0)" }.joined(separator: "\n")
    }
}
