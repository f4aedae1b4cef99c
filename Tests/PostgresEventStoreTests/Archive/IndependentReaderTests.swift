import EventSourcing
import Foundation
import PostgresEventStore
import Support
import Testing

/// The format is described well enough: a reader that shares no code with the writer finds the same events.
@Suite struct IndependentReaderTests {
    static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("docs/examples/read_segment.py")

    static let hasPython =
        FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")
        && FileManager.default.fileExists(atPath: script.path)

    @Test(.enabled(if: hasPython, "there is no /usr/bin/python3, or the sources are not here"))
    func `a reader in another language finds what the database holds`() async throws {
        try await ArchiveFixture.with { fixture in
            try await fixture.append(50, seed: 8)
            let segments = try await fixture.seal()
            let events = try await fixture.withStore(knowsSegments: false) { store in
                try await store.readLog(after: nil, .forwards, filter: .all, limit: 100).events
            }
            var lines: [[String: Any]] = []
            for segment in segments { lines += try await read(segment) }
            #expect(lines.count == 48)
            for (line, event) in zip(lines, events) { expectSame(line, event) }
        }
    }

    @Test(.enabled(if: hasPython, "there is no /usr/bin/python3, or the sources are not here"))
    func `a reader in another language notices damage`() async throws {
        try await ArchiveFixture.with { fixture in
            try await fixture.append(20, seed: 9)
            let segment = try await fixture.seal()[0]
            var bytes = try Data(contentsOf: URL(fileURLWithPath: segment.path))
            bytes[100] ^= 1
            try bytes.write(to: URL(fileURLWithPath: segment.path))
            let exit = try await StrataProcess.shell("/usr/bin/python3 '\(Self.script.path)' '\(segment.path)'")
            #expect(exit.status != 0 && exit.output.isEmpty && exit.errors.contains("block 0"), "\(exit)")
        }
    }

    private func read(_ segment: PostgresArchive.Segment) async throws -> [[String: Any]] {
        let exit = try await StrataProcess.shell(
            "/usr/bin/python3 '\(Self.script.path)' '\(segment.path)' \(segment.digest)")
        #expect(exit.status == 0, "\(exit.errors)")
        return try exit.output.split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
    }

    private func expectSame(_ line: [String: Any], _ event: RecordedEvent) {
        func hex(_ bytes: some Sequence<UInt8>) -> String { bytes.map { String(format: "%02x", $0) }.joined() }
        #expect(line["log"] as? String == event.log.rawValue)
        #expect(line["position"] as? Int64 == event.position.rawValue)
        #expect(line["stream"] as? String == event.stream.rawValue)
        #expect(line["revision"] as? Int64 == event.revision.rawValue)
        #expect(line["id"] as? String == event.id.description)
        #expect(line["type"] as? String == event.type.rawValue)
        #expect(line["schemaVersion"] as? Int == event.schemaVersion)
        #expect(line["contentType"] as? Int == Int(event.contentType.rawValue))
        #expect(line["recordedAt"] as? Int64 == event.recordedAt.microsecondsSince1970)
        #expect(line["correlationID"] as? String == event.correlationID.description)
        #expect(line["causationID"] as? String == event.causationID?.description)
        #expect(line["tags"] as? [String] == event.tags.sorted().map(\.rawValue))
        #expect(line["payload"] as? String == hex(event.payload))
    }
}
