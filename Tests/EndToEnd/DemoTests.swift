import Foundation
import Support
import Testing

@Suite struct `The demo` {
    @Test func `drives a shop with tokens by one of its staff, and says what it lacks without one`() async throws {
        try await withTemporaryFolder { folder in
            let tokens = folder.appendingPathComponent("tokens.json").path
            let ports = (freePort(), freePort())
            let made = try await StrataProcess.run(
                "tokens", "--file", tokens, "--actor", "demo", "--role", "staff")
            let token = made.output.trimmingCharacters(in: .whitespacesAndNewlines)
            let strata = try StrataProcess(
                ["up", "--command-port", "\(ports.0)", "--query-port", "\(ports.1)", "--tokens", tokens], folder: folder
            )
            try await strata.waitForOutput("Strata is up")
            let demo = """
                '\(StrataProcess.executable.path)' demo --orders 20 \
                --command-url http://127.0.0.1:\(ports.0) --query-url http://127.0.0.1:\(ports.1)
                """

            let refused = try await StrataProcess.shell("unset STRATA_TOKEN; \(demo)")
            #expect(refused.status == 1)
            #expect(refused.errors.contains("set STRATA_TOKEN to one of role staff"), "\(refused.errors)")

            let driven = try await StrataProcess.shell("STRATA_TOKEN='\(token)' \(demo)")
            #expect(driven.status == 0, "\(driven.errors)")
            #expect(driven.output.contains("no difference, no order in between"), "\(driven.output)")
            try await strata.stop()
        }
    }
}
