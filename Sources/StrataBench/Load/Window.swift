internal import Glibc

/// A stretch of the machine's monotonic clock, which all processes share: work begins before it, so that everything is
/// warm, and only what is answered within it counts.
struct Window: Sendable, Equatable {
    /// Nanoseconds of `CLOCK_MONOTONIC`.
    let start: UInt64
    let end: UInt64

    init(start: UInt64, end: UInt64) {
        self.start = start
        self.end = end
    }

    /// A window that opens after `warmUp`.
    init(after warmUp: Duration = .milliseconds(300), length: Duration) {
        start = Self.now + warmUp.nanoseconds
        end = start + length.nanoseconds
    }

    static var now: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    var seconds: Double { Double(end - start) / 1e9 }

    func waitForStart() async throws { try await Self.wait(until: start) }
    func waitForEnd() async throws { try await Self.wait(until: end) }

    private static func wait(until moment: UInt64) async throws {
        let now = now
        if now < moment { try await Task.sleep(for: .nanoseconds(moment - now)) }
    }

    func contains(_ moment: UInt64) -> Bool { start <= moment && moment < end }
}

extension Duration {
    var nanoseconds: UInt64 {
        UInt64(components.seconds) * 1_000_000_000 + UInt64(components.attoseconds / 1_000_000_000)
    }
    var seconds: Double { self / .seconds(1) }
}
