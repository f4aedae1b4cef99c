import EventSourcing
import EventSourcingTesting
import Testing

@Suite struct InMemoryEventStoreTests {
    @Test func `keeps the contract of event stores`() async throws {
        try await EventStoreContract(InMemoryEventStore()).verify()
    }
}
