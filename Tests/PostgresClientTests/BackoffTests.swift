import Testing

@testable import PostgresClient

@Suite struct `A delay before the next try` {
    @Test func `doubles up to its limit, less up to half of it`() {
        var backoff = Backoff(first: .milliseconds(100), limit: .milliseconds(500))
        for whole in [100, 200, 400, 500, 500] {
            let delay = backoff.next()
            #expect((Duration.milliseconds(whole) / 2...Duration.milliseconds(whole)).contains(delay))
        }
    }
}
