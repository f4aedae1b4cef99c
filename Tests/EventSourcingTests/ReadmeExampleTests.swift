import EventSourcing
import EventSourcingTesting
import Foundation
import SagaEngine
import Testing

@Suite struct ReadmeExampleTests {
    /// The example is compiled here, so that it cannot rot there.
    @Test func `is what the README shows`() throws {
        let here = URL(filePath: #filePath)
        let readme = here.deletingLastPathComponent().appending(path: "../../README.md").standardized
        let example = here.deletingLastPathComponent().appending(path: "ReadmeExample.swift")
        #expect(try String(contentsOf: readme, encoding: .utf8).contains(String(contentsOf: example, encoding: .utf8)))
    }

    @Test func `does not send what is not there`() {
        Scenario<Account>.given(.opened, .paidIn(cents: 5)).when(.send(cents: 6, to: "b")).thenRefused(.notEnough)
        Scenario<Account>.given(.opened, .paidIn(cents: 5)).when(.send(cents: 5, to: "b")).then(
            .sent(cents: 5, to: "b"))
    }

    @Test func `sums up what came and went`() throws {
        try ProjectionScenario<Balance>()
            .given(AccountEvent.paidIn(cents: 5), in: "account".stream("a"))
            .given(AccountEvent.sent(cents: 2, to: "b"), in: "account".stream("a"))
            .then("a") { $0.cents == 3 }
    }

    @Test func `money that cannot arrive comes back`() async throws {
        let outcome = try await SagaScenario { _ in Transfer() }
            .given(AccountEvent.opened, .paidIn(cents: 5), in: "account".stream("a"))
            .when(AccountEvent.sent(cents: 2, to: "nobody"), in: "account".stream("a"))
        outcome.thenPhase(.compensated(SagaRefusal(code: "notOpen", reason: "the account says notOpen")))
        #expect(try await outcome.aggregate(Account.self, "a").cents == 5)
    }
}

extension String {
    fileprivate func stream(_ id: String) -> StreamName { StreamCategory(rawValue: self).stream(id) }
}
