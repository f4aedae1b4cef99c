import EventSourcing
import NIOConcurrencyHelpers
import PostgresClient
import Runtime
import Support
import Testing

@Suite struct `A projector` {
    @Test func `folds every event once`() async throws {
        try await Deployment().withProcess { process in
            let ledger = Ledger()
            try await process.append(50)
            try await running([process.projector([ledger, purses])]) {
                try await process.append(50)
                try await process.waitForHead(ledger)
                try await process.waitForHead(purses)
            }
            try await process.expectRows(ledger)
            #expect(try await process.purses() == Purse.rows(process.log()))
        }
    }

    @Test func `folds every event once when it is started again`() async throws {
        try await Deployment().withProcess { process in
            let ledger = Ledger()
            for _ in 0..<3 {
                try await process.append(20)
                try await running([process.projector([ledger])]) { try await process.waitForHead(ledger) }
            }
            try await process.expectRows(ledger)
        }
    }

    @Test func `does not pass over events of a log that was taken back to an earlier moment`() async throws {
        let deployment = try await Deployment()
        try await deployment.withProcess { process in
            let ledger = Ledger()
            try await process.append(20)
            try await running([process.projector([ledger])]) { try await process.waitForHead(ledger) }
            try await deployment.query { session in
                try session.executeScript("UPDATE strata.checkpoints SET position = 1000")
            }
            try await running([process.projector([ledger])]) {
                try await process.append(20)
                // Rebuilt, as the guide says. One that waited at its old checkpoint would see none of what comes then.
                _ = try await process.rebuild(ledger).run { _ in }
                try await process.append(20)
                try await process.waitForHead(ledger)
            }
            try await process.expectRows(ledger)
        }
    }

    @Test func `folds every event once while its connections are cut`() async throws {
        let deployment = try await Deployment()
        let ledger = Ledger()
        try await deployment.withProcess("writer") { writer in
            try await deployment.withProcess("projector") { process in
                try await running([process.projector([ledger, purses])]) {
                    for _ in 0..<5 {
                        let before = try await writer.position(ledger)
                        try await writer.append(100)
                        try await eventually("the projector goes on") { try await writer.position(ledger) > before }
                        try await cut("projector", deployment)
                    }
                    try await writer.waitForHead(ledger)
                    try await writer.waitForHead(purses)
                }
            }
            try await writer.expectRows(ledger)
            #expect(try await writer.purses() == Purse.rows(writer.log()))
        }
    }

    @Test func `works alone among several`() async throws {
        let deployment = try await Deployment()
        let workers = NIOLockedValueBox<Set<String>>([])
        try await deployment.withProcess("left") { left in
            try await deployment.withProcess("right") { right in
                let projectors = [left, right].map { process in
                    process.patientProjector([ledger(of: process, noting: workers), purses])
                }
                try await running(projectors) {
                    for _ in 0..<5 {
                        try await left.append(20)
                        try await left.waitForHead(Ledger())
                    }
                    try await left.waitForHead(purses)
                }
            }
            #expect(workers.withLockedValue { $0.count } == 1)
            try await left.expectRows(Ledger())
            #expect(try await left.purses() == Purse.rows(left.log()))
        }
    }

    @Test func `takes over when another one stops`() async throws {
        let deployment = try await Deployment()
        let workers = NIOLockedValueBox<Set<String>>([])
        try await deployment.withProcess("left") { left in
            try await deployment.withProcess("right") { right in
                try await left.append(10)
                try await running([right.patientProjector([ledger(of: right, noting: workers)])]) {
                    try await right.waitForHead(Ledger())
                    try await running([left.patientProjector([ledger(of: left, noting: workers)])]) {
                        try await left.append(10)
                        try await left.waitForHead(Ledger())
                    }
                }
                #expect(workers.withLockedValue { $0 } == ["right"])
                try await running([left.patientProjector([ledger(of: left, noting: workers)])]) {
                    try await left.append(10)
                    try await left.waitForHead(Ledger())
                }
            }
            #expect(workers.withLockedValue { $0 } == ["left", "right"])
            try await left.expectRows(Ledger())
        }
    }

    @Test func `is not held up by an event that one read model cannot take`() async throws {
        let isPoisonous = NIOLockedValueBox(true)
        let poisoned = Ledger(name: "poisoned") { events in
            guard isPoisonous.withLockedValue({ $0 }), events.contains(where: { $0.position.rawValue >= 8 }) else {
                return
            }
            throw Poison()
        }
        try await Deployment().withProcess { process in
            try await process.append(5)
            try await running([process.projector([poisoned, Ledger()])]) {
                try await process.waitForHead(poisoned)
                try await process.append(20)
                try await process.waitForHead(Ledger())
                #expect(try await process.position(poisoned) == Position(rawValue: 5))
                #expect(try await process.rows(poisoned).count == 5, "nothing of the failed batch is kept")
                isPoisonous.withLockedValue { $0 = false }
                try await process.waitForHead(poisoned)
            }
            try await process.expectRows(poisoned)
            try await process.expectRows(Ledger())
        }
    }

    @Test func `builds a read model of another version anew`() async throws {
        try await Deployment().withProcess { process in
            try await process.append(20)
            try await running([process.projector([Ledger()])]) { try await process.waitForHead(Ledger()) }
            let raised = Ledger(version: 2, factor: 10)
            try await running([process.projector([raised])]) {
                try await eventually("the rows are of the new version") {
                    try await process.rows(raised) == raised.rows(process.log())
                }
                try await process.append(20)
                try await process.waitForHead(raised)
            }
            try await process.expectRows(raised)
        }
    }

    private func ledger(of process: Process, noting workers: NIOLockedValueBox<Set<String>>) -> Ledger {
        Ledger { _ in workers.withLockedValue { _ = $0.insert(process.name) } }
    }

    private func cut(_ process: String, _ deployment: Deployment) async throws {
        try await deployment.query { session in
            _ = try session.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database()",
                [.text(process)])
        }
    }
}

private struct Poison: Error {}

@Suite struct `Waiting for a read model` {
    @Test func `ends when it has come far enough, or the time is up`() async throws {
        try await Deployment().withProcess { process in
            try await process.append(5)
            func wait(_ position: Int64) async throws -> Bool {
                try await ReadModelStatus.wait(
                    for: Ledger(), toReach: LogPosition(.main, Position(rawValue: position)),
                    timeout: .milliseconds(50), pool: process.pool
                )
            }
            #expect(try await !wait(0), "it was never begun")
            try await running([process.projector([Ledger()])]) { try await process.waitForHead(Ledger()) }
            #expect(try await wait(5))
            #expect(try await !wait(6))
        }
    }
}
