import EventSourcing
import Testing

@Suite struct `The error of a command` {
    @Test(
        arguments: [
            (
                .refused(.full(10)),
                "The command was refused: there is no room. Nothing was written; it is refused until that has changed."
            ),
            (
                .contended(attempts: 32),
                "Other writers were faster at each of 32 attempts. Nothing was written; try again later."
            ),
            (
                .commandIDReused,
                "The command id was used before, for another request. Nothing was written; send this one under an id "
                    + "of its own."
            ),
            (
                .unreadable(EventCodingError(type: "filled", reason: "it is not valid JSON")),
                "An event filled cannot be read or written: it is not valid JSON. Nothing was written; run a program "
                    + "that can read and write this event."
            ),
            (
                .store(EventStoreError(.closed, "The event store is stopped. Nothing was written.")),
                "The event store is stopped. Nothing was written."
            ),
        ] as [(CommandError<Jar.Refusal>, String)])
    func `says what happened, whether anything was written, and what to do next`(
        _ error: CommandError<Jar.Refusal>, _ text: String
    ) {
        #expect("\(error)" == text)
    }
}
