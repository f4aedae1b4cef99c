import Demo
import Foundation
import PostgresServer
import Support
import Testing

@Suite struct ManyProcessesTests {
    @Test func `two processes of each role give the same results as one`() async throws {
        let database = try await TemporaryPostgres.database()
        #expect(try await StrataProcess.run("migrate", "--database", database).status == 0)
        try await withTemporaryFolder { folder in
            let shops = [Shop(database, folder), Shop(database, folder)]
            for shop in shops { try shop.start() }
            for shop in shops { try await shop.waitUntilReady() }
            let outcomes = try await withThrowingTaskGroup(of: DemoOutcome.self) { group in
                for (index, shop) in shops.enumerated() {
                    group.addTask { try await shop.runDemo("side\(index)") }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            for outcome in outcomes {
                #expect(outcome.differences == [])
                #expect(outcome.confirmed.orders > 0 && outcome.rejected > 0)
            }
            let check = try await StrataProcess.run("replay", "all", "--check", "--database", database)
            #expect(check.status == 0, "\(check.output)\(check.errors)")
            for shop in shops { try await shop.stop() }
        }
    }
}

/// One process for each role.
private final class Shop: Sendable {
    private let database: String
    private let folder: URL
    private let commandPort = freePort()
    private let queryPort = freePort()
    private let processes = Box()

    private final class Box: @unchecked Sendable {
        var all: [StrataProcess] = []
    }

    init(_ database: String, _ folder: URL) {
        self.database = database
        self.folder = folder
    }

    func start() throws {
        for role in ["commands", "queries", "projector", "sagas"] {
            processes.all.append(
                try StrataProcess(
                    [
                        "serve", role, "--database", database, "--command-port", "\(commandPort)", "--query-port",
                        "\(queryPort)", "--health-port", "0", "--log-level", "info",
                    ], folder: folder))
        }
    }

    func waitUntilReady() async throws {
        for process in processes.all { try await process.waitForOutput("Server started and listening") }
    }

    func runDemo(_ run: String) async throws -> DemoOutcome {
        var options = Demo.Options(run: run)
        options.commandURL = "http://127.0.0.1:\(commandPort)"
        options.queryURL = "http://127.0.0.1:\(queryPort)"
        options.concurrency = 16
        options.declineShare = 0.1
        options.isScarce = true
        options.comparesSales = false
        return try await Demo(SeededPurchases.make(400, seed: 7), options).run { _ in }
    }

    func stop() async throws {
        for process in processes.all {
            #expect(try await process.stop() == 0, "\(process.arguments): \(process.printed)")
        }
    }
}
