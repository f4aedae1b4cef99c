/// What was answered within a window.
struct Tally: Sendable {
    var events = 0
    /// How long each answer took, in nanoseconds.
    var latencies: [UInt64] = []

    static func + (left: Tally, right: Tally) -> Tally {
        Tally(events: left.events + right.events, latencies: left.latencies + right.latencies)
    }

    /// Calls `append`, which returns how many events it wrote, again and again until the window closes.
    ///
    /// - Parameter append: Gets the number of the call, from 0.
    static func count(within window: Window, _ append: (Int) async throws -> Int) async throws -> Tally {
        var tally = Tally()
        var calls = 0
        var began = Window.now
        while began < window.end {
            let events = try await append(calls)
            let ended = Window.now
            if window.contains(ended) {
                tally.events += events
                tally.latencies.append(ended - began)
            }
            calls += 1
            began = ended
        }
        return tally
    }

    /// The tallies of `writers` tasks that run at once.
    static func count(
        writers: Int, within window: Window, _ writer: @escaping @Sendable (Int) async throws -> Tally
    ) async throws -> Tally {
        try await withThrowingTaskGroup(of: Tally.self) { group in
            for index in 0..<writers { group.addTask { try await writer(index) } }
            return try await group.reduce(Tally(), +)
        }
    }
}
