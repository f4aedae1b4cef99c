import Foundation
import Support
import Testing

@Suite struct UpTests {
    @Test func `what strata up prints works as printed, and stopping leaves nothing running`() async throws {
        try await withTemporaryFolder { folder in
            let ports = (freePort(), freePort())
            let strata = try StrataProcess(
                ["up", "--command-port", "\(ports.0)", "--query-port", "\(ports.1)"], folder: folder)
            try await strata.waitForOutput("Ctrl-C stops everything")
            let commands = printedCommands(strata.printed)
            try #require(commands.count == 2)
            let placed = try await StrataProcess.shell(commands[0]).output
            #expect(placed.contains("\"revision\":0"), "\(placed)")
            let read = try await eventually {
                try await StrataProcess.shell(commands[1]).output
            } until: {
                $0.contains("\"confirmed\"")
            }
            #expect(read.contains("\"customerId\": \"ada\"") && read.contains("\"confirmed\""), "\(read)")
            let metrics = try await StrataProcess.shell("curl -s http://127.0.0.1:\(ports.0)/metrics").output
            #expect(metrics.contains("strata_projection_behind_events{log=\"main\",projection=\"order-summary\"}"))
            #expect(try await StrataProcess.shell(commands[0]).output == placed, "placing it again answers the same")

            #expect(try await strata.stop() == 0)
            let pidFile = folder.appendingPathComponent(".strata/postgres/data/postmaster.pid")
            #expect(!FileManager.default.fileExists(atPath: pidFile.path), "PostgreSQL has stopped")
        }
    }

    @Test func `a port in use is told in one sentence, and nothing is left behind`() async throws {
        try await withTemporaryFolder { folder in
            let ports = (freePort(), freePort())
            let first = try StrataProcess(
                ["up", "--command-port", "\(ports.0)", "--query-port", "\(ports.1)"], folder: folder)
            try await first.waitForOutput("Strata is up")
            let other = folder.appendingPathComponent("other").path
            let second = try await StrataProcess.run("up", "--command-port", "\(ports.0)", "--folder", other)
            #expect(second.status == 1)
            #expect(second.errors.contains("Port \(ports.0) is in use"), "\(second.errors)")
            #expect(!FileManager.default.fileExists(atPath: other))
            try await first.stop()
        }
    }

    @Test(arguments: [["--host", "0.0.0.0"], ["--tokens", "nowhere.json"]])
    func `what is wrong with the way in is told before anything is made`(options: [String]) async throws {
        try await withTemporaryFolder { folder in
            let other = folder.appendingPathComponent("other").path
            for command in [["up"], ["serve", "store"]] {
                let exit = try await StrataProcess.run(arguments: command + options + ["--folder", other])
                #expect(exit.status == 1)
                #expect(exit.errors.contains("token file"), "\(exit.errors)")
                #expect(!FileManager.default.fileExists(atPath: other))
            }
        }
    }

    private func printedCommands(_ text: String) -> [String] {
        text.replacingOccurrences(of: "\\\n", with: " ").split(separator: "\n")
            .map { $0.trimmingCharacters(in: .whitespaces) }.filter { $0.hasPrefix("curl ") }
    }

    private func eventually(
        _ body: () async throws -> String, until isDone: (String) -> Bool
    ) async throws -> String {
        let deadline = ContinuousClock.now.advanced(by: .seconds(60))
        while true {
            let value = try await body()
            if isDone(value) || ContinuousClock.now > deadline { return value }
            try await Task.sleep(for: .milliseconds(100), clock: .continuous)
        }
    }
}
