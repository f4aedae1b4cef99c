import EventSourcing
import NIOConcurrencyHelpers
import PostgresClient
import PostgresEventStore
import PostgresServer
import Runtime
import Support
import Testing

/// Three logs besides `main`, one of them in a database of its own.
@Suite struct `With several logs` {
    @Test func `a projector folds every event of each once`() async throws {
        try await Deployment.spread().withProcess { process in
            for _ in 0..<3 {
                try await process.append(40)
                try await running([process.projector([purses])]) {
                    try await process.append(40)
                    try await process.waitForHead(purses)
                }
            }
            let log = try await process.log()
            #expect(Set(log.map(\.log)) == ["left", "right"], "the purses are spread over both")
            #expect(try await process.purses() == Purse.rows(log))
        }
    }

    @Test func `a rebuild gives the same rows, and so does a check while events come in`() async throws {
        let deployment = try await Deployment.spread()
        try await deployment.withProcess { process in
            try await deployment.withProcess("rebuilder") { rebuilder in
                try await running([process.projector([purses])]) {
                    async let appended: Void = process.append(300)
                    for _ in 0..<3 { _ = try await rebuilder.rebuild(purses).run { _ in } }
                    try await appended
                    try await process.waitForHead(purses)
                }
            }
            let before = try await process.purses()
            #expect(try await before == Purse.rows(process.log()))
            #expect(try await process.rebuild(purses).check { _ in } == [])
            let progress = try await process.rebuild(purses).run { _ in }
            #expect(try await progress.positions == process.store.heads())
            #expect(progress.eventCount == 300)
            #expect(try await process.purses() == before)
        }
    }

    @Test func `there is a checkpoint in each, and one that is added is followed from its beginning`() async throws {
        var layout = LogLayout(mainDatabase: try await TemporaryPostgres.database())
        try await Deployment(layout).withProcess { process in
            try await running([process.projector([purses])]) { try await process.waitForHead(purses) }
        }
        layout.logs.insert("coins")
        layout.routing = LogRouting([.init(categories: ["purse"], logs: ["coins"])])
        try await Deployment(layout).withProcess { process in
            try await process.append(20)
            try await running([process.projector([purses])]) { try await process.waitForHead(purses) }
            #expect(try await process.purses() == Purse.rows(process.log()))
            let statuses = try await ReadModelStatus.load([purses], process.store.logNames, pool: process.pool)
            #expect(statuses.map(\.log) == ["coins", "main"])
            #expect(statuses.map(\.position) == [Position(rawValue: 20), .start])
        }
    }

    @Test func `sagas see their instances to the end, and take over what was left`() async throws {
        let deployment = try await Deployment.spread()
        let keys = (1...40).map(String.init)
        try await deployment.withProcess("left") { left in
            try await deployment.withProcess("right") { right in
                try await running([right.projector([SagaInstances()])]) {
                    try await left.order(keys.prefix(20))
                    // It is stopped in the middle of its work: nothing goes past the first step.
                    let stuck = NIOLockedValueBox(0)
                    let stopping = Delivery { _, step in
                        guard step == "send" else { return }
                        stuck.withLockedValue { $0 += 1 }
                        try await Task.sleep(for: .seconds(3_600), clock: .continuous)
                    }
                    try await running([left.coordinator(stopping)]) {
                        try await eventually("all are under way") { stuck.withLockedValue { $0 } == 20 }
                    }
                    try await running([left.coordinator(), right.coordinator()]) {
                        try await left.order(keys.suffix(20))
                        try await eventually("all have ended") { try await left.endedCount() == 40 }
                    }
                    try await left.waitForHead(SagaInstances())
                }
            }
            for key in keys { #expect(try await left.stamps(key) == [.stamped("pack"), .stamped("send")]) }
            #expect(try await SagaStatus.counts(pool: left.pool).map(\.count) == [40])
            let sagas = try #require(left.store.log(named: "sagas"))
            #expect(try await sagas.head() == Position(rawValue: 40 * 6))
            #expect(try await left.rebuild(SagaInstances()).check { _ in } == [])
        }
    }
}
