import EventSourcing
import EventSourcingTesting
import Testing

@Suite struct AccountTests {
    @Test func `an account is not overdrawn`() {
        Scenario<Account>.given(.opened, .paidIn(cents: 100))
            .when(.send(cents: 150, to: "bob"))
            .thenRefused(.notEnough)
    }

    @Test func `opening twice changes nothing`() {
        Scenario<Account>.given(.opened).when(.open).thenNothing()
    }
}

@Suite struct BalanceTests {
    @Test func `the balance follows the account`() throws {
        let ada = Account.category.stream("ada")
        try ProjectionScenario<Balance>()
            .given(AccountEvent.opened, in: ada)
            .given(AccountEvent.paidIn(cents: 100), in: ada)
            .given(AccountEvent.sent(cents: 40, to: "bob"), in: ada)
            .then("ada") { $0.cents == 60 }
    }
}

@Suite struct TransferTests {
    @Test func `money that cannot arrive comes back`() async throws {
        let ada = Account.category.stream("ada")
        let outcome = try await SagaScenario { _ in Transfer() }
            .given(AccountEvent.opened, .paidIn(cents: 100), in: ada)
            .when(AccountEvent.sent(cents: 40, to: "nobody"), in: ada)
        try await outcome.then(
            AccountEvent.opened, .paidIn(cents: 100), .sent(cents: 40, to: "nobody"), .paidIn(cents: 40), in: ada)
    }
}
