import Testing

@testable import Runtime

@Suite(.timeLimit(.minutes(1))) struct `A bounded number of places` {
    @Test func `is given back by who is cancelled while they wait, and lost by nobody`() async {
        let slots = Slots(1)
        await slots.acquire()
        let waiting = (0..<20).map { _ in Task.immediate { await slots.acquireUnlessCancelled() } }
        for task in waiting.dropFirst() { task.cancel() }
        for task in waiting.dropFirst() { #expect(await !task.value) }
        slots.release()
        #expect(await waiting[0].value)
        slots.release()
        for _ in 0..<3 {
            #expect(await slots.acquireUnlessCancelled())
            slots.release()
        }
    }

    @Test func `is not taken by who was cancelled before`() async {
        let slots = Slots(1)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await slots.acquireUnlessCancelled()
        }
        #expect(await !task.value)
        #expect(await slots.acquireUnlessCancelled())
    }
}
