import EventCodec
import EventSourcing
import HTTPTestSupport
import Testing

struct FailureTests {
    @Test(
        arguments: [
            (EventStoreError(.overloaded, "full"), 503, "overloaded"),
            (EventStoreError(.unavailable, "down"), 503, "unavailable"),
            (EventStoreError(.closed, "stopped"), 503, "closed"),
            (EventStoreError(.archived, "Give the folder."), 503, "archived"),
            (EventStoreError(.incompatibleSchema, "Run it."), 503, "incompatibleSchema"),
            (EventStoreError(.invalidAppend, "The append is too large."), 422, "invalidAppend"),
        ] as [(EventStoreError, Int, String)])
    func `says what a failure of the store means`(error: EventStoreError, status: Int, code: String) async throws {
        try await withShop(commands: FailingPort(failure: .store(error))) { shop in
            let reply = try await shop.post("/stock/main/A/receive", ["quantity": 1])
            #expect(reply.status == status)
            #expect(reply.code == code)
            #expect((reply["retry-after"] != nil) == (status == 503))
        }
    }

    @Test func `asks to try again when others were faster, and hides what it cannot read`() async throws {
        try await withShop(commands: FailingPort(failure: .contended)) { shop in
            let reply = try await shop.post("/stock/main/A/receive", ["quantity": 1])
            #expect(reply.status == 503)
            #expect(reply.code == "contended")
        }
        try await withShop(commands: FailingPort(failure: .unreadable)) { shop in
            let reply = try await shop.post("/stock/main/A/receive", ["quantity": 1])
            #expect(reply.status == 500)
            #expect(!reply.text.contains("field"))
        }
    }
}

/// Carries out nothing.
private struct FailingPort: CommandPort {
    enum Failure {
        case store(EventStoreError), contended, unreadable
    }

    let failure: Failure

    func execute<A: Aggregate>(
        _: A.Command, on _: String, as _: A.Type, expecting _: ExpectedRevision, _: CommandContext
    ) async throws(CommandError<A.Refusal>) -> CommandReceipt { throw error(A.Refusal.self) }

    func state<A: Aggregate>(
        of _: String, as _: A.Type
    ) async throws(CommandError<A.Refusal>) -> (state: A, revision: Revision?) {
        throw error(A.Refusal.self)
    }

    func execute<D: Decision>(
        _: D, provided _: [AppendCondition], _: CommandContext
    ) async throws(CommandError<D.Refusal>) -> AppendReceipt { throw error(D.Refusal.self) }

    private func error<Refusal>(_: Refusal.Type) -> CommandError<Refusal> {
        switch failure {
        case .store(let error): .store(error)
        case .contended: .contended(attempts: 32)
        case .unreadable: .unreadable(EventCodingError(type: "StockReceived", reason: "field 'quantity' is missing"))
        }
    }
}
