public import EventSourcing
internal import Testing

/// What every ``EventStore`` must do, and in its part about streams every ``StreamStore``. Run ``verify()`` on a store
/// of your own to know that it can stand in for Strata's.
///
/// Each rule works on streams of its own, so that a store may be used by several rules at once.
public struct EventStoreContract<Store: StreamStore>: Sendable {
    let store: Store

    public init(_ store: Store) { self.store = store }

    /// Checks every rule about streams, which all lie in one log: those of the category `contract`. What fails is
    /// recorded as an issue of the current test.
    public func verifyStreams() async throws {
        try await verifyAppending()
        try await verifyRepeating()
        try await verifyReading()
        try await verifyPageSizes()
        try await verifySnapshots()
        try await verifyConditions()
        try await verifyDecisions()
    }

    /// Checks every rule; what fails is recorded as an issue of the current test.
    public func verify() async throws where Store: EventStore {
        try await verifyStreams()
        try await verifyReadingTheLog()
        try await verifyPageSizesOfTheLog()
        try await verifyQueriesFindTaggedEvents()
        try await verifySubscribing()
        try await verifyBadInput()
        try await verifyListing()
    }

    // MARK: What the rules are written with

    func newStream() -> StreamName { StreamCategory("contract").stream(EventID.make().description) }

    func event(_ type: EventType = "Happened", _ payload: String = "{}") -> NewEvent {
        NewEvent(
            type: type, payload: Array(payload.utf8), metadata: EventMetadata(correlationID: .make(), actor: "contract")
        )
    }

    func events(_ count: Int) -> [NewEvent] { (0..<count).map { _ in event() } }

    func expectConflict(
        actual: Revision?, _ body: () async throws(EventStoreError) -> AppendReceipt
    ) async {
        do throws(EventStoreError) {
            let receipt = try await body()
            Issue.record("the append was taken as \(receipt), and a conflict was expected")
        } catch {
            #expect(error.code == .conflict)
            #expect(error.conflict?.actual == actual, "the conflict tells what was found")
        }
    }

    func expectInvalidRead<Value>(_ what: String, _ body: () async throws(EventStoreError) -> Value) async {
        do throws(EventStoreError) {
            let value = try await body()
            Issue.record("\(what) was answered with \(value)")
        } catch {
            #expect(error.code == .invalidRead, "\(what)")
        }
    }

    func expectInvalid(_ body: () async throws(EventStoreError) -> AppendReceipt) async {
        do throws(EventStoreError) {
            let receipt = try await body()
            Issue.record("the append was taken as \(receipt), and is invalid")
        } catch {
            #expect(error.code == .invalidAppend)
        }
    }
}
