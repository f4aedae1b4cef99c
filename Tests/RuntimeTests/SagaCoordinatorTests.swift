import EventSourcing
import NIOConcurrencyHelpers
import PostgresClient
import Runtime
import Support
import Testing

private let keys = (1...60).map(String.init)

@Suite struct `A coordinator of sagas` {
    @Test func `sees instances to their end, those from before it as well`() async throws {
        try await Deployment().withProcess { process in
            try await process.order(keys.prefix(30))
            try await running([process.coordinator()]) {
                try await process.order(keys.suffix(30))
                try await eventually("all have ended") { try await process.endedCount() == 60 }
            }
            try await expectDeliveredOnce(process)
        }
    }

    @Test func `tells where each instance stands`() async throws {
        try await Deployment().withProcess { process in
            try await process.order(keys.prefix(5))
            try await running([process.coordinator(), process.projector([SagaInstances()])]) {
                try await eventually("all have ended") { try await process.endedCount() == 5 }
                try await process.waitForHead(SagaInstances())
            }
            let statuses = try await SagaStatus.load(phases: [.completed], limit: 100, pool: process.pool)
            #expect(statuses.map(\.key).sorted() == ["1", "2", "3", "4", "5"])
            let counts = try await SagaStatus.counts(pool: process.pool)
            #expect(counts.map(\.saga) == ["delivery"])
            #expect(counts.map(\.count) == [5])
        }
    }

    @Test func `shares the instances with another one, and each ends once`() async throws {
        let deployment = try await Deployment()
        let workers = NIOLockedValueBox<Set<String>>([])
        try await deployment.withProcess("left") { left in
            try await deployment.withProcess("right") { right in
                let services = [left, right].map { process in
                    process.coordinator(
                        Delivery { _, _ in workers.withLockedValue { _ = $0.insert(process.name) } },
                        leaseTime: patientLeaseTime)
                }
                try await running(services) {
                    try await eventually("the shares are divided") { try await owners(deployment) == [8, 8] }
                    try await left.order(keys)
                    try await eventually("all have ended") { try await left.endedCount() == 60 }
                }
            }
            #expect(workers.withLockedValue { $0 } == ["left", "right"])
            try await expectDeliveredOnce(left)
        }
    }

    @Test func `loses nothing and does nothing twice while shares move`() async throws {
        let deployment = try await Deployment()
        try await deployment.withProcess("left") { left in
            try await deployment.withProcess("right") { right in
                try await running([left.coordinator(), left.projector([SagaInstances()])]) {
                    async let ordered: Void = {
                        for key in keys { try await left.order([key]) }
                    }()
                    try await running([right.coordinator()]) {
                        try await eventually("the shares are divided") { try await owners(deployment) == [8, 8] }
                    }
                    try await ordered
                    try await eventually("all have ended") { try await left.endedCount() == 60 }
                }
            }
            try await expectDeliveredOnce(left)
        }
    }

    @Test func `takes over what another one left half done`() async throws {
        let deployment = try await Deployment()
        try await deployment.withProcess("left") { left in
            try await deployment.withProcess("right") { right in
                let waiting = NIOLockedValueBox(0)
                let endless = Delivery { _, step in
                    guard step == "send" else { return }
                    waiting.withLockedValue { $0 += 1 }
                    try await Task.sleep(for: .seconds(3_600))
                }
                try await running([left.projector([SagaInstances()])]) {
                    try await left.order(keys)
                    try await running([right.coordinator(endless)]) {
                        try await eventually("all are half done") { waiting.withLockedValue { $0 } == 60 }
                    }
                    #expect(try await left.endedCount() == 0)
                    try await running([left.coordinator()]) {
                        try await eventually("all have ended") { try await left.endedCount() == 60 }
                    }
                }
            }
            try await expectDeliveredOnce(left)
        }
    }

    @Test func `is not held up by an instance that fails again and again`() async throws {
        try await Deployment().withProcess { process in
            let stuck = Delivery { key, _ in if key == "1" { throw OutOfOrder() } }
            try await process.order(keys)
            try await running([process.coordinator(stuck, activeMax: 1)]) {
                try await eventually("all others have ended") { try await process.endedCount() == 59 }
            }
            #expect(try await process.stamps("1").isEmpty)
        }
    }

    @Test func `is not held up by an instance whose work takes for ever`() async throws {
        try await Deployment().withProcess { process in
            let stuck = Delivery { key, _ in if key == "1" { try await Task.sleep(for: .seconds(3_600)) } }
            try await process.order(keys)
            try await running([process.coordinator(stuck, activeMax: 2)]) {
                try await eventually("all others have ended") { try await process.endedCount() == 59 }
            }
        }
    }

    @Test func `stops when it is told to, with more to do than it has places`() async throws {
        try await Deployment().withProcess { process in
            let isWorking = NIOLockedValueBox(false)
            let endless = Delivery { _, _ in
                isWorking.withLockedValue { $0 = true }
                try await Task.sleep(for: .seconds(3_600))
            }
            try await process.order(keys)
            let coordinator = process.coordinator(endless, activeMax: 1)
            let hasStopped = NIOLockedValueBox(false)
            let run = Task {
                try await coordinator.run()
                hasStopped.withLockedValue { $0 = true }
            }
            try await eventually("it works") { isWorking.withLockedValue { $0 } }
            run.cancel()
            try await eventually("it stops", within: .seconds(20)) { hasStopped.withLockedValue { $0 } }
        }
    }

    private func expectDeliveredOnce(_ process: Process) async throws {
        for key in keys { #expect(try await process.stamps(key) == [.stamped("pack"), .stamped("send")]) }
    }

    /// How many shares each coordinator holds.
    private func owners(_ deployment: Deployment) async throws -> [Int64] {
        try await deployment.query { session in
            let rows = try session.execute(
                "SELECT count(*) FROM strata.leases WHERE name LIKE 'saga/delivery/share/%' GROUP BY owner ORDER BY 1")
            return try (0..<rows.rowCount).map { try rows.int64($0, 0) }
        }
    }
}

private struct OutOfOrder: Error {}
