import EventCodec
import EventSourcing
import Foundation
import HTTPTestSupport
import Support
import Testing

struct GuideTests {
    @Test func `the commands in the guide work as printed`() async throws {
        let guide = try String(contentsOfFile: repository + "/docs/guides/other-languages.md", encoding: .utf8)
        let blocks = shellBlocks(section("## The store: append, read, follow", of: guide))
        try #require(blocks.count >= 8)
        try await withPostgresService { service in
            let script = (["set -eu"] + blocks.dropFirst()).joined(separator: "\n")
                .replacingOccurrences(of: "http://127.0.0.1:8083", with: "http://127.0.0.1:\(service.client.port)")
                // Whoever reads the guide should not wait for long; a busy machine has to be waited for.
                .replacingOccurrences(of: "--max-time 3", with: "--max-time 10")
            for _ in 1...2 {
                let run = try await StrataProcess.shell(script)
                #expect(run.status == 0, "\(run.output)\(run.errors)")
                #expect(run.output.contains("{\"stream\":\"parcel-7\",\"revision\":0,\"log\":\"main\",\"position\":1}"))
                #expect(run.output.contains("{\"isComplete\":true,\"categories\":[\"account\",\"parcel\"]}"))
                #expect(run.output.contains("id: 2\ndata: {"))
            }
            #expect(try await service.head() == Position(rawValue: 5), "running it again records nothing")
        }
    }

    @Test func `the client in Python keeps what it promises`() async throws {
        try await withPostgresService { service in
            let run = try await StrataProcess.shell(
                """
                cd '\(repository)/docs/examples' && PYTHONDONTWRITEBYTECODE=1 \
                STRATA_URL=http://127.0.0.1:\(service.client.port) python3 -m unittest test_strata_client
                """)
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.errors.contains("OK"), "\(run.errors)")
        }
    }

    @Test func `the client in Python is short`() throws {
        let client = try String(contentsOfFile: repository + "/docs/examples/strata_client.py", encoding: .utf8)
        #expect(client.split(separator: "\n", omittingEmptySubsequences: false).count <= 150)
    }

    private func section(_ heading: String, of text: String) -> Substring {
        let rest = text.components(separatedBy: heading + "\n").dropFirst().joined()[...]
        return rest.range(of: "\n## ").map { rest[..<$0.lowerBound] } ?? rest
    }

    private func shellBlocks(_ text: Substring) -> [String] {
        text.components(separatedBy: "```sh\n").dropFirst().compactMap { $0.components(separatedBy: "```").first }
    }
}
