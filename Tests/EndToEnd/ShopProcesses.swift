import Demo
import Foundation
import Support
import Testing

/// One process for each role.
final class ShopProcesses: Sendable {
    private let deployment: LogsFixture
    private let folder: URL
    private let commandPort = freePort()
    private let queryPort = freePort()
    private let processes = Box()

    private final class Box: @unchecked Sendable {
        var all: [StrataProcess] = []
    }

    init(_ deployment: LogsFixture, _ folder: URL) {
        self.deployment = deployment
        self.folder = folder
    }

    func start() throws {
        for role in ["commands", "queries", "projector", "sagas"] {
            processes.all.append(
                try StrataProcess(
                    [
                        "serve", role, "--command-port", "\(commandPort)", "--query-port", "\(queryPort)",
                        "--health-port", "0", "--log-level", "info",
                    ] + deployment.options, folder: folder))
        }
    }

    func waitUntilReady() async throws {
        for process in processes.all { try await process.waitForOutput("Server started and listening") }
    }

    /// - Parameters:
    ///   - isScarce: Whether there is less stock than is asked for: then nobody can tell what must be confirmed.
    ///   - sellsAlone: Whether nobody else sells meanwhile.
    func runDemo(_ run: String, orders: Int, isScarce: Bool, sellsAlone: Bool) async throws -> DemoOutcome {
        var options = Demo.Options(run: run)
        options.commandURL = "http://127.0.0.1:\(commandPort)"
        options.queryURL = "http://127.0.0.1:\(queryPort)"
        options.concurrency = 16
        options.declineShare = 0.1
        options.isScarce = isScarce
        options.comparesSales = sellsAlone
        return try await Demo(SeededPurchases.make(orders, seed: 7), options).run { _ in }
    }

    /// Stops the processes of these roles.
    func stop(_ roles: String...) async throws {
        for process in processes.all where roles.contains(process.arguments[1]) {
            #expect(try await process.stop() == 0, "\(process.arguments): \(process.printed)")
        }
    }
}
