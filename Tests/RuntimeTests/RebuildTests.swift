import EventSourcing
import Glibc
import NIOConcurrencyHelpers
import PostgresClient
import PostgresEventStore
import Runtime
import Testing

@Suite struct `Rebuilding a read model` {
    @Test func `gives the same rows, byte for byte`() async throws {
        let deployment = try await Deployment()
        try await deployment.withProcess { process in
            for _ in 0..<3 {
                try await process.append(40)
                try await running([process.projector([Ledger(), purses])]) {
                    try await process.waitForHead(Ledger())
                    try await process.waitForHead(purses)
                }
            }
            for (model, table) in [(Ledger(), "ledger"), (purses, "purses")] as [(any ReadModel, String)] {
                let live = try await dump(table, deployment)
                #expect(!live.isEmpty)
                let progress = try await process.rebuild(model).run { _ in }
                #expect(progress.eventCount == 120)
                #expect(try await dump(table, deployment) == live)
                #expect(try await process.position(model) == process.store.heads()[.main])
            }
        }
    }

    @Test func `of a read model that was never there makes it`() async throws {
        try await Deployment().withProcess { process in
            try await process.append(20)
            _ = try await process.rebuild(Ledger()).run { _ in }
            try await process.expectRows(Ledger())
        }
    }

    @Test func `of an empty log makes the tables`() async throws {
        try await Deployment().withProcess { process in
            let progress = try await process.rebuild(Ledger()).run { _ in }
            #expect(progress.positions == .start)
            #expect(try await process.rows(Ledger()).isEmpty)
        }
    }

    @Test func `reports how far it is`() async throws {
        try await Deployment().withProcess { process in
            try await process.append(20)
            let reports = NIOLockedValueBox<[Position]>([])
            _ = try await process.rebuild(Ledger()).run { progress in
                reports.withLockedValue { $0.append(progress.positions[.main]) }
            }
            let positions = reports.withLockedValue { $0 }
            #expect(positions.first == .start)
            #expect(positions.last == Position(rawValue: 20))
            #expect(positions == positions.sorted())
        }
    }

    @Test func `works while the projector does`() async throws {
        let deployment = try await Deployment()
        try await deployment.withProcess { process in
            try await deployment.withProcess("rebuilder") { rebuilder in
                try await running([process.projector([Ledger(), purses])]) {
                    async let appended: Void = process.append(600)
                    for _ in 0..<4 {
                        _ = try await rebuilder.rebuild(Ledger()).run { _ in }
                        _ = try await rebuilder.rebuild(purses).run { _ in }
                    }
                    try await appended
                    try await process.waitForHead(Ledger())
                    try await process.waitForHead(purses)
                }
            }
            try await process.expectRows(Ledger())
            #expect(try await process.purses() == Purse.rows(process.log()))
        }
    }

    @Test func `is given up when another one begins, and neither touches the other's rows`() async throws {
        let deployment = try await Deployment()
        try await deployment.withProcess { process in
            try await process.append(40)
            let (isBegun, isDone) = (NIOLockedValueBox(false), NIOLockedValueBox(false))
            // On the connection's thread: the other one begins and ends before anything is folded.
            let first = Ledger { _ in
                isBegun.withLockedValue { $0 = true }
                while !isDone.withLockedValue({ $0 }) { usleep(1_000) }
            }
            async let other: Void = {
                while !isBegun.withLockedValue({ $0 }) { try await Task.sleep(for: .milliseconds(1)) }
                defer { isDone.withLockedValue { $0 = true } }
                _ = try await process.rebuild(Ledger()).run { _ in }
            }()
            await #expect(throws: RebuildOvertaken.self) { try await process.rebuild(first).run { _ in } }
            try await other
            try await process.expectRows(Ledger())
        }
    }

    @Test func `that fails leaves the live read model as it was`() async throws {
        try await Deployment().withProcess { process in
            try await process.append(20)
            _ = try await process.rebuild(Ledger()).run { _ in }
            let failing = Ledger(factor: 2) { _ in throw Broken() }
            await #expect(throws: Broken.self) { try await process.rebuild(failing).run { _ in } }
            try await process.expectRows(Ledger())
            #expect(try await process.position(Ledger()) == Position(rawValue: 20))
        }
    }
}

@Suite struct `Checking a read model` {
    @Test func `finds nothing when it is right, and leaves nothing behind`() async throws {
        let deployment = try await Deployment()
        try await deployment.withProcess { process in
            try await process.append(20)
            _ = try await process.rebuild(Ledger()).run { _ in }
            #expect(try await process.rebuild(Ledger()).check { _ in } == [])
            let schemas = try await deployment.query { session in
                try session.execute("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'rebuild%'").int64(0, 0)
            }
            #expect(schemas == 0)
        }
    }

    @Test(arguments: [
        "UPDATE read_models.ledger SET amount = amount + 1 WHERE position = 7",
        "DELETE FROM read_models.ledger WHERE position = 7",
        "INSERT INTO read_models.ledger SELECT * FROM read_models.ledger WHERE position = 7",
    ])
    func `finds a row that was changed by hand, and leaves it so`(_ sql: String) async throws {
        let deployment = try await Deployment()
        try await deployment.withProcess { process in
            try await process.append(20)
            _ = try await process.rebuild(Ledger()).run { _ in }
            try await deployment.query { try $0.executeScript(sql) }
            let changed = try await process.rows(Ledger())
            #expect(try await process.rebuild(Ledger()).check { _ in } == ["ledger"])
            #expect(try await process.rows(Ledger()) == changed)
        }
    }

    @Test func `passes over events that the live read model has not seen yet`() async throws {
        try await Deployment().withProcess { process in
            try await process.append(20)
            _ = try await process.rebuild(Ledger()).run { _ in }
            try await process.append(20)
            #expect(try await process.rebuild(Ledger()).check { _ in } == [])
        }
    }

    @Test func `of a read model that is not there says so`() async throws {
        try await Deployment().withProcess { process in
            let differing = try await process.rebuild(Ledger()).check { _ in }
            #expect(differing == nil)
        }
    }
}

private struct Broken: Error {}

private func dump(_ table: String, _ deployment: Deployment) async throws -> [String] {
    try await deployment.query { session in
        let rows = try session.execute("SELECT t::text FROM read_models.\(table) AS t ORDER BY 1")
        return (0..<rows.rowCount).map { rows.text($0, 0) }
    }
}
