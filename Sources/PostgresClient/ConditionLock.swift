internal import Glibc

/// A lock with a value, which a thread can wait for others to set.
///
/// Waits are measured by the machine's monotonic clock: nobody waits for longer when the time of day is set back.
///
/// Unchecked, because the value is touched under the lock alone, and the rest never changes.
package final class ConditionLock<Value: Equatable & Sendable>: @unchecked Sendable {
    private var value: Value
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    package init(value: Value) {
        self.value = value
        mutex = .allocate(capacity: 1)
        condition = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    package func lock() { pthread_mutex_lock(mutex) }

    package func unlock() { pthread_mutex_unlock(mutex) }

    /// Sets the value, wakes whoever waits for one, and unlocks.
    package func unlock(withValue value: Value) {
        self.value = value
        pthread_mutex_unlock(mutex)
        pthread_cond_broadcast(condition)
    }

    /// Waits until the value is `wanted`, and locks.
    package func lock(whenValue wanted: Value) {
        lock()
        while value != wanted { pthread_cond_wait(condition, mutex) }
    }

    /// Waits until the value is `wanted`, and locks.
    ///
    /// - Returns: `false`, without locking, when that took longer than `timeout`.
    package func lock(whenValue wanted: Value, atMost timeout: Duration) -> Bool {
        lock()
        guard value != wanted else { return true }
        var end = Self.now(advancedBy: timeout)
        while value != wanted {
            guard pthread_cond_timedwait(condition, mutex, &end) == 0 else {
                if value == wanted { return true }
                unlock()
                return false
            }
        }
        return true
    }

    private static func now(advancedBy timeout: Duration) -> timespec {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        let (seconds, attoseconds) = timeout.components
        let nanoseconds = time.tv_nsec + Int(attoseconds / 1_000_000_000)
        return timespec(
            tv_sec: time.tv_sec + Int(seconds) + nanoseconds / 1_000_000_000, tv_nsec: nanoseconds % 1_000_000_000)
    }
}
