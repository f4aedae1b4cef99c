import EventSourcing
import Testing

@testable import PostgresEventStore

/// The first try was given the lock when the log ended at 30, and its answer was lost.
@Suite struct `An append that may be recorded already` {
    private func request(
        _ streams: [(StreamName, ExpectedRevision)], events: [NewEvent] = [event()], triedBehind: Int64? = 30
    ) -> AppendRequest {
        AppendRequest(
            streams.map { StreamAppend(stream: $0.0, expected: $0.1, events: events) }, provided: [], deadline: .now
        ) { _ in }.afterUnknownOutcome(triedBehind: triedBehind)
    }

    /// A log of 100 events, in which each of the request's streams ends at revision 4.
    private func known(_ request: AppendRequest, keptFrom: Int64) -> GroupPlan.Knowledge {
        var known = GroupPlan.Knowledge(head: 100, keptFrom: keptFrom)
        for stream in request.streams { known.revisions[stream.name] = 4 }
        return known
    }

    private func decide(
        _ request: AppendRequest, _ known: GroupPlan.Knowledge
    ) -> (result: Result<AppendReceipt, EventStoreError>, rows: Int) {
        var plan = GroupPlan(known, of: "main")
        plan.decide([request])
        plan.resolveUnmet([request], recorded: [:])
        return (plan.results(of: [request], behind: known.head)[0], plan.rows.count)
    }

    private func expectOpen(
        _ request: AppendRequest, _ known: GroupPlan.Knowledge, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let (result, rows) = decide(request, known)
        #expect(rows == 0, "nothing is written a second time", sourceLocation: sourceLocation)
        guard case .failure(let error) = result else {
            Issue.record("it was answered", sourceLocation: sourceLocation)
            return
        }
        #expect(error.code == .unavailable && error.isRecordedOrLeft, "\(error)", sourceLocation: sourceLocation)
        #expect(!error.message.contains("Nothing was written"), sourceLocation: sourceLocation)
    }

    @Test(arguments: [.any, .streamExists] as [ExpectedRevision])
    func `is left open when its events may have left the database`(_ expected: ExpectedRevision) throws {
        let request = request([(newStream(), expected)])
        expectOpen(request, known(request, keptFrom: 32))
        let (result, rows) = decide(request, known(request, keptFrom: 31))
        #expect(try !result.get().isRepeat && rows == 1, "all that was recorded since is still there")
    }

    @Test func `is left open when one of its streams may be at any revision`() {
        let request = request([(newStream(), .exact(Revision(rawValue: 4))), (newStream(), .any)])
        expectOpen(request, known(request, keptFrom: 64))
    }

    @Test func `is left open when some of its events are found, and the others may have left`() {
        let events = [event(), event()]
        let request = request([(newStream(), .any)], events: events)
        var known = known(request, keptFrom: 32)
        known.recorded[EventKey(stream: request.streams[0].name, id: events[1].id)] = .init(revision: 4, position: 32)
        expectOpen(request, known)
    }

    @Test func `is a repeat when its events are found, whatever has left`() throws {
        let events = [event()]
        let request = request([(newStream(), .any)], events: events)
        var known = known(request, keptFrom: 64)
        known.recorded[EventKey(stream: request.streams[0].name, id: events[0].id)] = .init(revision: 4, position: 70)
        let (result, rows) = decide(request, known)
        #expect(try result.get().isRepeat && rows == 0)
    }

    @Test func `is written when it never had the lock, and when it says where its events would stand`() throws {
        for request in [
            request([(newStream(), .any)], triedBehind: nil),
            request([(newStream(), .exact(Revision(rawValue: 4)))]),
        ] {
            let (result, rows) = decide(request, known(request, keptFrom: 64))
            #expect(try !result.get().isRepeat && rows == 1)
        }
    }
}
