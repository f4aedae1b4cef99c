import Commerce
import EventSourcing
import EventSourcingTesting
import Payments
import Testing

/// Throws a die that says which call fails, and on which side of its effect.
actor Dice {
    enum Side { case fine, failsBefore, failsAfter }
    private var random: Seeded

    init(_ seed: UInt64) { random = Seeded(seed) }

    func roll() -> Side {
        switch Int.random(in: 0..<6, using: &random) {
        case 0: .failsBefore
        case 1: .failsAfter
        default: .fine
        }
    }
}

/// A provider behind a bad line.
struct UnreliableProvider: PaymentProvider {
    let provider: SimulatedPaymentProvider
    let dice: Dice

    func authorise(_ amount: Money, cardToken: String, _ call: ProviderCall) async throws -> ProviderOutcome {
        try await perhaps { try await provider.authorise(amount, cardToken: cardToken, call) }
    }

    func capture(_ amount: Money, of authorisationID: String, _ call: ProviderCall) async throws -> ProviderOutcome {
        try await perhaps { try await provider.capture(amount, of: authorisationID, call) }
    }

    func void(authorisation: ProviderKey, _ call: ProviderCall) async throws -> VoidOutcome {
        try await perhaps { try await provider.void(authorisation: authorisation, call) }
    }

    func refund(_ amount: Money, of captureID: String, _ call: ProviderCall) async throws -> ProviderOutcome {
        try await perhaps { try await provider.refund(amount, of: captureID, call) }
    }

    private func perhaps<Answer: Sendable>(_ call: () async throws -> Answer) async throws -> Answer {
        let side = await dice.roll()
        if side == .failsBefore { throw PaymentProviderError.unavailable }
        let answer = try await call()
        if side == .failsAfter { throw PaymentProviderError.timedOut }
        return answer
    }
}

/// Commands to a store behind a bad line.
struct UnreliableCommands: CommandPort {
    let commands: CommandExecutor<InMemoryEventStore>
    let dice: Dice

    func execute<A: Aggregate>(
        _ command: A.Command, on id: String, as type: A.Type, expecting expected: ExpectedRevision,
        _ context: CommandContext
    ) async throws(CommandError<A.Refusal>) -> CommandReceipt {
        let side = await dice.roll()
        if side == .failsBefore { throw .store(EventStoreError(.unavailable, "The line is down.")) }
        let receipt = try await commands.execute(command, on: id, as: type, expecting: expected, context)
        if side == .failsAfter { throw .store(EventStoreError(.unavailable, "The answer was lost.")) }
        return receipt
    }

    func state<A: Aggregate>(
        of id: String, as type: A.Type
    ) async throws(CommandError<A.Refusal>) -> (state: A, revision: Revision?) {
        try await commands.state(of: id, as: type)
    }

    func execute<D: Decision>(
        _ decision: D, provided conditions: [AppendCondition], _ context: CommandContext
    ) async throws(CommandError<D.Refusal>) -> AppendReceipt {
        try await commands.execute(decision, provided: conditions, context)
    }
}

@Suite struct `Whatever fails on the way` {
    private enum Step: CaseIterable { case authorise, capture, refund, giveBack }

    @Test(arguments: UInt64(1)...300)
    func `our books are the provider's books`(_ seed: UInt64) async throws {
        let shop = Shop()
        let dice = Dice(seed)
        var random = Seeded(seed &* 31)
        let cards = SimulatedCard.allCases.filter { $0 != .timeout }
        let token = try #require(cards.randomElement(using: &random)).rawValue
        for number in 1...8 {
            let payments = PaymentService(
                provider: UnreliableProvider(provider: shop.provider, dice: dice),
                commands: UnreliableCommands(commands: CommandExecutor(store: shop.store), dice: dice))
            let step = try #require(Step.allCases.randomElement(using: &random))
            let amount = Int.random(in: 1...1_000, using: &random)
            try await untilAnswered {
                switch step {
                case .authorise: try await payments.authorise(order, usd(1_000), cardToken: token, command("do"))
                case .capture: try await payments.capture(order, usd(1_000), command("capture"))
                case .refund: try await payments.refund(order, usd(amount), reason: "broken", command("\(number)"))
                case .giveBack: try await payments.giveBack(order, reason: "cancelled", command("undo \(number)"))
                }
            }
            let payment = try await shop.payment()
            let held = payment.captured == nil ? payment.authorised?.minorUnits ?? 0 : 0
            #expect(shop.held() == held, "seed \(seed), step \(number): \(step)")
            #expect(shop.captured() == payment.captured?.minorUnits ?? 0, "seed \(seed), step \(number): \(step)")
            #expect(shop.refunded() == payment.refunded?.minorUnits ?? 0, "seed \(seed), step \(number): \(step)")
        }
    }

    /// Asks again, as a saga does, until the answer is yes or no.
    private func untilAnswered(_ work: () async throws -> CommandReceipt) async throws {
        for _ in 1...1_000 {
            do {
                _ = try await work()
                return
            } catch is Payment.Refusal {
                return
            } catch {
                continue
            }
        }
        Issue.record("there was no answer after 1,000 attempts")
    }
}
