import EventSourcing
import Testing

@Suite struct `A time limit` {
    private struct Disturbance: Error {}

    @Test func `hands on what the work returns and throws`() async throws {
        #expect(try await withTimeLimit(.seconds(600)) { 7 } == 7)
        await #expect(throws: Disturbance.self) {
            try await withTimeLimit(.seconds(600)) { () async throws -> Int in throw Disturbance() }
        }
    }

    @Test func `does not wait for work that hears of no cancellation`() async {
        let (running, end) = AsyncStream.makeStream(of: Void.self)
        defer { end.finish() }
        await #expect(throws: TimeLimitExceeded.self) {
            try await withTimeLimit(.milliseconds(20)) { await deaf(until: running) }
        }
    }

    @Test func `cancels the work`() async {
        let (cancelled, note) = AsyncStream.makeStream(of: Void.self)
        await #expect(throws: TimeLimitExceeded.self) {
            try await withTimeLimit(.milliseconds(20)) {
                defer { note.finish() }
                try await Task.sleep(for: .seconds(600))
            }
        }
        for await _ in cancelled {}
    }

    @Test func `cancels the work with its caller, and waits for it`() async throws {
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        let caller = Task {
            try await withTimeLimit(.seconds(600)) {
                start.finish()
                try? await Task.sleep(for: .seconds(600))
                return Task.isCancelled
            }
        }
        for await _ in started {}
        caller.cancel()
        #expect(try await caller.value)
    }
}

/// Waits for the end of `stream`, in a task that nobody cancels.
private func deaf(until stream: AsyncStream<Void>) async {
    await Task { for await _ in stream {} }.value
}
