import Foundation
import Support
import Testing

/// The commands of the guide, as they stand there.
@Suite struct BackupTests {
    private static let tools = "/usr/lib/postgresql/15/bin"

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: tools + "/pg_ctl")))
    func `what the guide takes from a private PostgreSQL is brought back into a new one`() async throws {
        let guide = try Guide("backup-and-restore")
        try await withTemporaryFolder { folder in
            let ports = ["--command-port", "0", "--query-port", "0"]
            let strata = try StrataProcess(["up"] + ports, folder: folder)
            try await strata.waitForOutput("Ctrl-C stops everything")
            try await run(guide.block(containing: "socket="), in: folder)
            try await strata.stop()
            try await run(guide.block(containing: "restore.log"), in: folder)

            let new = folder.path + "/new"
            let check = try await StrataProcess.run("replay", "all", "--check", "--folder", new)
            #expect(check.status == 0, "\(check.errors)")
            let old = try await StrataProcess.run("events", "export", "--folder", folder.path + "/.strata")
            let restored = try await StrataProcess.run("events", "export", "--folder", new)
            #expect(restored.output == old.output && old.output.contains("sample-cd"))
        }
    }

    private func run(_ commands: String, in folder: URL) async throws {
        let tool = "\"$bin/pg_ctl\""
        let asServer = geteuid() == 0 ? "runuser -u postgres -- " : ""
        let commands =
            commands
            .replacingOccurrences(of: "/srv/new", with: folder.path + "/new")
            .replacingOccurrences(of: tool, with: asServer + tool)
        let exit = try await StrataProcess.shell(
            """
            set -e; cd \(folder.path); mkdir -p .strata/archive
            trap '[ -z "${home-}" ] || \(asServer)"$bin/pg_ctl" -D "$home/data" -m immediate stop >&2 || true' EXIT
            PATH="\(StrataProcess.executable.deletingLastPathComponent().path):\(Self.tools):$PATH"
            \(commands)
            """)
        #expect(exit.status == 0, "\(exit.output)\n\(exit.errors)")
    }
}

/// A guide's text.
private struct Guide {
    private let text: String

    init(_ name: String) throws {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        text = try String(contentsOf: package.appending(path: "docs/guides/\(name).md"), encoding: .utf8)
    }

    /// The first block of commands that has `words` in it.
    func block(containing words: String) throws -> String {
        let blocks = text.components(separatedBy: "```sh\n").dropFirst().compactMap {
            $0.components(separatedBy: "```").first
        }
        return try #require(blocks.first { $0.contains(words) })
    }
}
