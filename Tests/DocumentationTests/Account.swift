import EventSourcing

enum AccountEvent: EventPayload, Codable, Hashable {
    case opened, paidIn(cents: Int), sent(cents: Int, to: String)
    static let eventTypes: [EventType]? = ["opened", "paidIn", "sent"]
}

struct Account: Aggregate {
    enum Command: Sendable { case open, payIn(cents: Int), send(cents: Int, to: String) }
    enum Refusal: String, BusinessRefusal {
        case notOpen, notEnough
        var description: String { self == .notOpen ? "the account is not open" : "there is not enough on the account" }
    }
    static let category: StreamCategory = "account"
    /// `nil` until it is opened.
    private(set) var cents: Int?

    func decide(_ command: Command) throws(Refusal) -> [AccountEvent] {
        switch (command, cents) {
        case (.open, nil): return [.opened]
        case (.open, _?): return []  // it is already so
        case (_, nil): throw .notOpen
        case (.payIn(let amount), _?): return [.paidIn(cents: amount)]
        case (.send(let amount, let other), let cents?):
            guard amount <= cents else { throw .notEnough }
            return [.sent(cents: amount, to: other)]
        }
    }
    mutating func apply(_ event: AccountEvent) {
        switch event {
        case .opened: cents = 0
        case .paidIn(let amount): cents? += amount
        case .sent(let amount, _): cents? -= amount
        }
    }
}

/// A read model: one row for each account.
struct Balance: Projection {
    typealias Event = AccountEvent
    static let name: ProjectionName = "balances", version = 1
    var cents = 0

    mutating func apply(_ recorded: Recorded<AccountEvent>) {
        if case .paidIn(let amount) = recorded.payload { cents += amount }
        if case .sent(let amount, _) = recorded.payload { cents -= amount }
    }
}

/// What was sent arrives, or goes back.
struct Transfer: Saga {
    typealias Trigger = AccountEvent
    static let name: SagaName = "transfer", version = 1

    static func key(startedBy event: Recorded<AccountEvent>) -> String? {
        if case .sent = event.payload { event.id.description } else { nil }
    }
    var steps: [SagaStep<AccountEvent>] {
        [
            // The trigger says that the money has left already: this step is there for its undo.
            SagaStep("send", .compensatable, action: nil) { trigger, context in
                guard case .sent(let amount, _) = trigger.payload else { return }
                try await context.execute(.payIn(cents: amount), on: trigger.stream.id, as: Account.self)
            },
            SagaStep("receive", .pivot) { trigger, context in
                guard case .sent(let amount, let other) = trigger.payload else { return }
                try await context.execute(.payIn(cents: amount), on: other, as: Account.self)
            },
        ]
    }
}
