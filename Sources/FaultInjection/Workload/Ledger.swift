internal import EventSourcing
internal import NIOConcurrencyHelpers

/// An append, and what its writer knows of it.
struct LedgerEntry: Sendable {
    /// What goes to one stream.
    struct Part: Sendable, Hashable {
        let stream: StreamName
        let events: [EventID]
        /// Those of them that filtered readers ask for.
        var marked: Set<EventID> = []
    }

    let number: Int
    var parts: [Part]
    /// How often it was sent.
    var tries = 0
    /// Whether the last answer said that nothing was written.
    var isSaidUnwritten = false
    /// How it was acknowledged; `nil`: it was not.
    var receipt: AppendReceipt?
    /// What the log said at the last check, if the append was not acknowledged then.
    var wasInLog: Bool?
}

/// What writers have sent, and what they were told: kept outside of what is tested, and compared with the log.
final class Ledger: Sendable {
    private struct State {
        var entries: [LedgerEntry] = []
        var tally = Tally()
        var contradictions: [Violation] = []
        /// The log's head when it was last compared.
        var checkedHead: Int64 = 0
    }

    private let state = NIOLockedValueBox(State())

    var entries: [LedgerEntry] { state.withLockedValue { $0.entries } }
    var tally: Tally { state.withLockedValue { $0.tally } }
    var contradictions: [Violation] { state.withLockedValue { $0.contradictions } }
    var acknowledgedCount: Int { state.withLockedValue { $0.tally.acknowledged } }

    /// Notes an append before it is sent for the first time.
    ///
    /// - Returns: Its number.
    func begin(_ appends: [StreamAppend]) -> Int {
        state.withLockedValue { state in
            let number = state.entries.count
            let parts = appends.map { append in
                LedgerEntry.Part(
                    stream: append.stream, events: append.events.map(\.id),
                    marked: Set(append.events.filter { $0.type == Soaked.marked }.map(\.id)))
            }
            state.entries.append(LedgerEntry(number: number, parts: parts))
            state.tally.appends += 1
            return number
        }
    }

    /// Notes that an append is sent, before it is.
    func send(_ number: Int) {
        state.withLockedValue { state in
            state.entries[number].tries += 1
            if state.entries[number].tries > 1 { state.tally.retries += 1 }
        }
    }

    func acknowledge(_ number: Int, _ receipt: AppendReceipt) {
        state.withLockedValue { state in
            state.tally.acknowledged += 1
            state.entries[number].receipt = receipt
            if receipt.isRepeat { state.tally.repeats += 1 }
            guard let wasInLog = state.entries[number].wasInLog else { return }
            if wasInLog { state.tally.foundInLog += 1 } else { state.tally.notFoundInLog += 1 }
            // What was not in the log then may be a repeat all the same: of a try that came to the log since, and whose
            // answer was lost.
            let isNewer = receipt.streams.allSatisfy { $0.position.rawValue > state.checkedHead }
            guard wasInLog ? !receipt.isRepeat : !isNewer else { return }
            state.contradictions.append(.wrongRepeat(append: number, wasInLog: wasInLog))
        }
    }

    /// Notes that an append that was sent has to be sent again.
    ///
    /// - Parameter isUnwritten: Whether the answer said that nothing was written, and did not leave that open.
    func lose(_ number: Int, isUnwritten: Bool) {
        state.withLockedValue { state in
            state.tally.unknown += 1
            state.entries[number].isSaidUnwritten = isUnwritten
        }
    }

    /// Notes an answer that none of the appends may get.
    func refuse(_ number: Int, _ error: EventStoreError) {
        state.withLockedValue { $0.contradictions.append(.refused(append: number, "\(error.code): \(error.message)")) }
    }

    /// Notes what the log says of the appends that are not acknowledged, for their next tries to agree with.
    func note(_ log: LoggedEvents) {
        state.withLockedValue { state in
            state.checkedHead = log.head
            for index in state.entries.indices where state.entries[index].receipt == nil {
                let ids = state.entries[index].parts.flatMap(\.events)
                state.entries[index].wasInLog = ids.contains { log.ids.contains($0) }
            }
        }
    }
}

/// What happened, in numbers.
public struct Tally: Sendable, Hashable, Codable {
    public var appends = 0
    public var acknowledged = 0
    /// Tries after the first.
    public var retries = 0
    /// Answers that said nothing of what became of an append.
    public var unknown = 0
    /// Answers that said: these events were there already.
    public var repeats = 0
    /// Appends that were not acknowledged when the log was checked, and were in it.
    public var foundInLog = 0
    /// Appends that were not acknowledged when the log was checked, and were not in it.
    public var notFoundInLog = 0

    static func += (left: inout Tally, right: Tally) {
        left.appends += right.appends
        left.acknowledged += right.acknowledged
        left.retries += right.retries
        left.unknown += right.unknown
        left.repeats += right.repeats
        left.foundInLog += right.foundInLog
        left.notFoundInLog += right.notFoundInLog
    }
}
