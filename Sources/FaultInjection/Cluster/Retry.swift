/// Looks again until something holds.
enum Retry {
    static func upTo<R>(_ limit: Duration, _ body: () async throws -> R) async throws -> R {
        let deadline = ContinuousClock.now.advanced(by: limit)
        while true {
            do { return try await body() } catch {
                guard ContinuousClock.now < deadline, !Task.isCancelled else { throw error }
                await pause(.milliseconds(50))
            }
        }
    }

    /// As ``until(_:within:_:)``, for what is promised: that the load goes on by itself.
    static func expect(
        _ what: String, within limit: Duration = .seconds(60), _ condition: () -> Bool
    ) async throws(Stuck) {
        let deadline = ContinuousClock.now.advanced(by: limit)
        while !condition() {
            guard ContinuousClock.now < deadline, !Task.isCancelled else { throw Stuck(what: what) }
            await pause(.milliseconds(10))
        }
    }

    /// - Throws: ``FaultError`` when `condition` does not hold in time.
    static func until(
        _ what: String, within limit: Duration = .seconds(60), _ condition: () async throws -> Bool
    ) async throws {
        let deadline = ContinuousClock.now.advanced(by: limit)
        while !(try await upTo(limit, condition)) {
            guard ContinuousClock.now < deadline, !Task.isCancelled else {
                throw FaultError("this did not come true within \(limit): \(what)")
            }
            await pause(.milliseconds(10))
        }
    }
}

/// The load does not go on by itself, as it has to.
struct Stuck: Error, CustomStringConvertible {
    let what: String
    var description: String { Violation.stuck(what).description }
}
