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
