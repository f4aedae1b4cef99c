import EventSourcing
import EventSourcingTesting
import Testing

@Suite struct CommandTests {
    @Test func `a command is carried out`() async throws {
        let commands = CommandExecutor(store: InMemoryEventStore())
        let context = CommandContext(actor: "ann")
        let receipt = try await commands.execute(.open, on: "ada", as: Account.self, context)
        print(receipt)  // the stream's revision, the event's position, and whether it was a repeat
        #expect(receipt.revision == .first)
    }
}

typealias MyStore = InMemoryEventStore

@Suite struct MyStoreTests {
    @Test func `keeps the contract of event stores`() async throws {
        try await EventStoreContract(MyStore()).verify()
    }
}
