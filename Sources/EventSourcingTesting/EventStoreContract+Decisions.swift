internal import EventSourcing
internal import Testing

extension EventStoreContract {
    /// Decisions over events of many streams: one of many wins, and the others hear why in business terms.
    func verifyDecisions() async throws {
        try await verifyOneOfManyDecisionsWins()
        try await verifyARepeatedDecisionIsAnsweredAsTheFirst()
        try await verifyADecisionReadsMoreThanOnePage()
    }

    private func verifyOneOfManyDecisionsWins() async throws {
        let name = EventID.make().description
        let outcomes = await withTaskGroup(of: String.self) { group in
            for _ in 0..<16 {
                group.addTask { await outcome(of: Claim(name: name, by: newStream())) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count { $0 == "won" } == 1, "exactly one decision wins")
        #expect(outcomes.count { $0 == "taken" } == 15, "the others are refused in business terms: \(outcomes)")
    }

    private func outcome(of claim: Claim) async -> String {
        do throws(CommandError<Claim.Refusal>) {
            _ = try await CommandExecutor(store: store).execute(claim, CommandContext(actor: "contract"))
            return "won"
        } catch {
            if case .refused(let refusal) = error { return refusal.code }
            return "\(error)"
        }
    }

    private func verifyARepeatedDecisionIsAnsweredAsTheFirst() async throws {
        let claim = Claim(name: EventID.make().description, by: newStream())
        let context = CommandContext(actor: "contract")
        let receipts = try await withThrowingTaskGroup(of: AppendReceipt.self) { group in
            for _ in 0..<8 {
                group.addTask { try await CommandExecutor(store: store).execute(claim, context) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(receipts.map(\.streams)).count == 1, "all are answered the same")
        #expect(receipts.count { !$0.isRepeat } == 1, "one recorded it")
        #expect(try await store.readAll(claim.stream).count == 1)
    }

    private func verifyADecisionReadsMoreThanOnePage() async throws {
        let name = EventID.make().description
        let stream = newStream()
        let seen = (0..<2_500).map { _ in
            var event = event("seen", #"{"seen":{}}"#)
            event.tags = [Claim.tag(name)]
            return event
        }
        _ = try await store.append(seen, to: stream, expecting: .noStream)
        let executor = CommandExecutor(store: store)
        do throws(CommandError<Claim.Refusal>) {
            _ = try await executor.execute(Claim(name: name, by: stream), CommandContext(actor: "contract"))
            Issue.record("a decision was made without what it depends on")
        } catch {
            guard case .refused(.seen(2_500)) = error else { throw error }
        }
    }
}

/// Takes a name that nobody has taken.
private struct Claim: Decision {
    enum Event: EventPayload, Codable, Equatable {
        case taken(name: String)
        case seen

        var tags: Set<EventTag> { if case .taken(let name) = self { [Claim.tag(name)] } else { [] } }
    }

    enum Refusal: BusinessRefusal {
        case taken
        case seen(Int)

        var code: String { self == .taken ? "taken" : "seen" }
        var description: String { "the name is taken" }
    }

    let name: String
    let stream: StreamName
    private var isTaken = false
    private var seen = 0

    init(name: String, by stream: StreamName) {
        self.name = name
        self.stream = stream
    }

    static func tag(_ name: String) -> EventTag { EventTag("claim", name) }

    var query: EventQuery { EventQuery(tagged: Self.tag(name)) }
    var home: StreamName? { stream }

    mutating func apply(_ recorded: Recorded<Event>) {
        switch recorded.payload {
        case .taken: isTaken = true
        case .seen: seen += 1
        }
    }

    func decide() throws(Refusal) -> [DecidedEvents<Event>] {
        guard seen == 0 else { throw .seen(seen) }
        guard !isTaken else { throw .taken }
        return [DecidedEvents(.taken(name: name), to: stream, expecting: .noStream)]
    }
}
