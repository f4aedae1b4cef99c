import Demo
import Foundation
import PostgresServer
import Support
import Testing

@Suite struct ManyProcessesTests {
    @Test func `two processes of each role give the same results as one`() async throws {
        try await withTemporaryFolder { folder in
            let deployment = try await LogsFixture(.one, folder)
            let shops = [ShopProcesses(deployment, folder), ShopProcesses(deployment, folder)]
            try await expectSoundBooks(deployment, shops, orders: 400, isScarce: true)
        }
    }

    /// With stock for all it is known before what must come of each order.
    @Test(arguments: [(LogsFixture.Layout.contexts, true), (LogsFixture.Layout.hashed, false)])
    func `several logs give the same results as one`(_ layout: LogsFixture.Layout, isScarce: Bool) async throws {
        try await withTemporaryFolder { folder in
            let deployment = try await LogsFixture(layout, folder)
            let shop = ShopProcesses(deployment, folder)
            try await expectSoundBooks(deployment, [shop], orders: 200, isScarce: isScarce)

            let lines = try await deployment.strata("projections", "--json").output.split(separator: "\n")
            #expect(
                lines.count == 6 * layout.logs.count && lines.allSatisfy { $0.contains("\"behind\":0") }, "\(lines)")
            for log in layout.logs {
                let events = try await deployment.strata("events", "read", "--log", log, "--limit", "1", "--json")
                    .output
                #expect(events.contains("\"log\":\"\(log)\""), "every log has events: \(events)")
            }
            let other = try await StrataProcess.run("serve", "projector", "--database", deployment.database)
            #expect(other.status == 1)
            #expect(other.errors.contains("routes streams in another way"), "\(other.errors)")
        }
    }

    private func expectSoundBooks(
        _ deployment: LogsFixture, _ shops: [ShopProcesses], orders: Int, isScarce: Bool
    ) async throws {
        for shop in shops { try shop.start() }
        for shop in shops { try await shop.waitUntilReady() }
        let outcomes = try await withThrowingTaskGroup(of: DemoOutcome.self) { group in
            for (index, shop) in shops.enumerated() {
                group.addTask {
                    try await shop.runDemo(
                        "side\(index)", orders: orders, isScarce: isScarce, sellsAlone: shops.count == 1)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        for outcome in outcomes {
            #expect(outcome.differences == [])
            #expect((outcome.expected == nil) == isScarce, "what is not known before cannot be compared")
            #expect(outcome.confirmed.orders > 0 && outcome.rejected > 0)
        }
        let check = try await deployment.strata("replay", "all", "--check")
        #expect(check.status == 0, "\(check.output)\(check.errors)")
        // Those that write come first: sagas have something to write down yet when their orders have ended.
        for shop in shops { try await shop.stop("sagas", "commands") }
        try await waitUntilNothingIsBehind(deployment)
        for shop in shops { try await shop.stop("projector", "queries") }
    }

    private func waitUntilNothingIsBehind(_ deployment: LogsFixture) async throws {
        let deadline = ContinuousClock.now.advanced(by: .seconds(60))
        while true {
            let projections = try await deployment.strata("projections", "--json")
            let lines = projections.output.split(separator: "\n")
            if !lines.isEmpty, lines.allSatisfy({ $0.contains("\"behind\":0") }) { return }
            try #require(ContinuousClock.now < deadline, "\(projections.output)\(projections.errors)")
            try await Task.sleep(for: .milliseconds(100), clock: .continuous)
        }
    }
}
