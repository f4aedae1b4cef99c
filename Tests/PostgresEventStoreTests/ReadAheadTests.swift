import EventSourcing
import PostgresClient
import Testing

@testable import PostgresEventStore

@Suite struct `Reading ahead` {
    private func query(_ position: Int) -> PageQuery {
        PageQuery(
            log: .main, position: Position(rawValue: Int64(position)), direction: .forwards, filter: .all, limit: 500,
            windowMax: 1_000)
    }

    /// What is forgotten is cancelled, so that no more pages than these are in memory.
    @Test func `keeps sixteen pages at most, and gives up the oldest ones`() async throws {
        let fetches = Fetches()
        let ahead = ReadAhead()
        for position in 0..<30 {
            ahead.start(query(position)) {
                await fetches.begin(position)
                do { try await Task.sleep(for: .seconds(60)) } catch { await fetches.cancel(position) }
                throw CancellationError()
            }
        }
        try await eventually { await fetches.isSettled }
        #expect(await fetches.cancelled == Set(0..<14))
    }

    @Test func `fetches a page once`() async throws {
        let fetches = Fetches()
        let ahead = ReadAhead()
        for number in 0..<3 {
            ahead.start(query(1)) {
                await fetches.begin(number)
                throw CancellationError()
            }
        }
        #expect(await ahead.take(query(1)) == nil, "a page that could not be fetched is asked for again")
        #expect(await ahead.take(query(2)) == nil)
        #expect(await fetches.begun == [0])
    }

    private actor Fetches {
        private(set) var begun: Set<Int> = []
        private(set) var cancelled: Set<Int> = []
        var isSettled: Bool { begun == Set(0..<30) && cancelled.count == 14 }
        func begin(_ number: Int) { begun.insert(number) }
        func cancel(_ number: Int) { cancelled.insert(number) }
    }
}
