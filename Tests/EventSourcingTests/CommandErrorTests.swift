import EventSourcing
import Testing

/// Each says what happened, whether anything was written, and what to do next.
@Suite struct `The error of a command` {
    private typealias Failure = CommandError<Jar.Refusal>

    @Test func `tells of a refusal`() {
        let text = Failure.refused(.full(10)).description
        #expect(text.hasPrefix("The command was refused: there is no room. Nothing was written; "))
    }

    @Test func `tells of other writers`() {
        let text = "\(Failure.contended(attempts: 32))"
        #expect(text == "Other writers were faster at each of 32 attempts. Nothing was written; try again later.")
    }

    @Test func `tells of an id that was used before`() {
        let text = Failure.commandIDReused.description
        #expect(text.hasPrefix("The command id was used before, for another request. Nothing was written; "))
        #expect(text.hasSuffix("under an id of its own."))
    }

    @Test func `tells of an event that cannot be read`() {
        let error = EventCodingError(type: "filled", reason: "it is not valid JSON")
        let text = Failure.unreadable(error).description
        #expect(text.hasPrefix("An event filled cannot be read or written: it is not valid JSON. Nothing was written"))
    }

    @Test func `says what the store says`() {
        let error = EventStoreError(.closed, "The event store is stopped. Nothing was written.")
        #expect(Failure.store(error).description == error.message)
    }
}
