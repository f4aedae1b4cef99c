import PostgresClient
import Testing

@Suite(.timeLimit(.minutes(1))) struct `A lock with a value` {
    @Test func `is given to whoever waits for the value once it is set`() async {
        let lock = ConditionLock(value: 0)
        let isGiven = await withCheckedContinuation { continuation in
            let isStarted = startThread(named: "waiting") {
                lock.lock(whenValue: 1)
                lock.unlock(withValue: 2)
                let isThere = lock.lock(whenValue: 3, atMost: .seconds(50))
                lock.unlock()
                continuation.resume(returning: isThere)
            }
            #expect(isStarted)
            lock.lock()
            lock.unlock(withValue: 1)
            lock.lock(whenValue: 2)
            lock.unlock(withValue: 3)
        }
        #expect(isGiven)
    }

    @Test func `is not given to who waits for a value that nobody sets, nor kept from others`() {
        let lock = ConditionLock(value: 0)
        for timeout in [Duration.zero, .milliseconds(5), .milliseconds(1_001)] {
            #expect(!lock.lock(whenValue: 1, atMost: timeout))
        }
        #expect(lock.lock(whenValue: 0, atMost: .zero))
        lock.unlock()
    }
}
