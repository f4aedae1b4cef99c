import EventSourcing
import EventSourcingTesting
import NIOConcurrencyHelpers
import SagaEngine
import Testing

/// Which steps find nothing left to book, and how the trip must end then.
struct Ending: Sendable, CustomTestStringConvertible {
    let soldOut: [String]
    let phase: SagaState.Phase
    let bookings: [String: [Booking.Event]]

    var testDescription: String { soldOut.isEmpty ? "completed" : "without \(soldOut)" }

    static let all = [
        Ending(
            soldOut: [], phase: .completed,
            bookings: ["flight": [.booked], "hotel": [.booked], "charge": [.booked], "ticket": [.booked]]),
        Ending(
            soldOut: ["charge"], phase: .compensated(SagaEngineTests.soldOut),
            bookings: ["flight": [.booked, .cancelled], "hotel": [.booked, .cancelled], "charge": [.sold]]),
        Ending(soldOut: ["flight"], phase: .compensated(SagaEngineTests.soldOut), bookings: ["flight": [.sold]]),
    ]

    func expect(_ state: SagaState, _ agency: Agency, _ comment: Comment) async throws {
        #expect(state.phase == phase, comment)
        for step in ["flight", "hotel", "charge", "ticket"] {
            #expect(try await agency.bookings(step) == bookings[step] ?? [], comment)
        }
    }
}

@Suite struct `A saga whose process dies` {
    @Test(arguments: Ending.all, CrashingStore.Moment.allCases)
    func `at any append goes on to the same end`(_ ending: Ending, _ moment: CrashingStore.Moment) async throws {
        for crashAt in 1... {
            let agency = try await Agency(soldOut: ending.soldOut)
            guard try await dies(agency, at: crashAt, moment) else {
                #expect(crashAt > 3, "there were appends to die at")
                return
            }
            let state = try await agency.finish()
            try await ending.expect(state, agency, "died at append \(crashAt)")
        }
    }

    @Test(arguments: Ending.all)
    func `again and again goes on to the same end`(_ ending: Ending) async throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = Seeded(seed)
        for _ in 0..<50 {
            let agency = try await Agency(soldOut: ending.soldOut)
            while try await dies(
                agency, at: .random(in: 1...4, using: &random),
                Bool.random(using: &random) ? .beforeWriting : .afterWriting)
            {}
            let state = try #require(try await agency.runner().loadOurs()).state
            try await ending.expect(state, agency, "seed \(seed)")
        }
    }

    /// - Returns: Whether the process died before the saga had ended.
    private func dies(_ agency: Agency, at crashAt: Int, _ moment: CrashingStore.Moment) async throws -> Bool {
        let store = CrashingStore(agency.store, crashAt: crashAt, moment)
        let runner = SagaRunner(Trip(), store: store, commands: CommandExecutor(store: store))
        do {
            var instance = try await runner.begin(agency.trigger)
            while case .retry = try await runner.run(&instance) {}
        } catch is EventStoreError {
            #expect(store.hasCrashed)
        }
        return store.hasCrashed
    }
}

@Suite struct `Two runners of one instance` {
    @Test func `notice that they are two at the first step that both record`() async throws {
        let agency = try await Agency()
        _ = try await agency.runner().start(agency.trigger)
        var early = try #require(try await agency.runner().loadOurs())
        var late = early
        #expect(try await agency.runner().run(&early) == .ended)
        let head = try await agency.store.head()
        #expect(try await agency.runner().run(&late) == .overtaken)
        #expect(try await agency.store.head() == head, "the overtaken one had no effect")
    }

    @Test(arguments: Ending.all)
    func `carry out every step once, however they race`(_ ending: Ending) async throws {
        for _ in 0..<50 {
            let agency = try await Agency(soldOut: ending.soldOut)
            _ = try await agency.runner().start(agency.trigger)
            // Both know the instance as it was when it began: whoever loads it later may find it ended.
            let left = try #require(try await agency.runner().loadOurs())
            let right = try #require(try await agency.runner().loadOurs())
            let halts = try await withThrowingTaskGroup(of: SagaRunner<Trip, InMemoryEventStore>.Halt.self) { group in
                for loaded in [left, right] {
                    let runner = agency.runner()
                    group.addTask {
                        var instance = loaded
                        return try await runner.run(&instance)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(halts) == [.ended, .overtaken])
            let state = try #require(try await agency.runner().loadOurs()).state
            try await ending.expect(state, agency, "after a race")
        }
    }

    @Test func `start it once`() async throws {
        let agency = try await Agency()
        let started = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 { group.addTask { try await agency.runner().start(agency.trigger) != nil } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(started.count { $0 } == 1)
    }
}
