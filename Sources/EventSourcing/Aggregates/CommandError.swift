/// Why a command was not carried out.
public enum CommandError<Refusal: BusinessRefusal>: Error {
    /// The aggregate said no. Nothing was written.
    case refused(Refusal)
    /// Other writers were faster each time. Nothing was written; try again later.
    case contended(attempts: Int)
    /// The command id was used before, for another request. Nothing was written.
    case commandIDReused
    /// An event of the stream could not be read, or a new one not written. Nothing was written.
    case unreadable(EventCodingError)
    /// The store failed; its error says whether anything was written.
    case store(EventStoreError)
}

extension CommandError: CustomStringConvertible {
    /// What happened, whether anything was written, and what to do next.
    public var description: String {
        switch self {
        case .refused(let refusal):
            "The command was refused: \(refusal). Nothing was written; it is refused until that has changed."
        case .contended(let attempts):
            "Other writers were faster at each of \(attempts) attempts. Nothing was written; try again later."
        case .commandIDReused:
            """
            The command id was used before, for another request. Nothing was written; send this one under an id of its \
            own.
            """
        case .unreadable(let error):
            "An \(error). Nothing was written; run a program that can read and write this event."
        case .store(let error): error.description
        }
    }
}
