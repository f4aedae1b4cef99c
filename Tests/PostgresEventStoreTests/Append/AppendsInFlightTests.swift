import EventSourcing
import Testing

@testable import PostgresEventStore

@Suite struct `Appends in flight` {
    private func request(
        expecting expected: ExpectedRevision = .noStream, deadline: Duration = .seconds(30)
    ) -> AppendRequest {
        let append = StreamAppend(stream: newStream(), expected: expected, events: [event()])
        return AppendRequest([append], provided: [], deadline: .now.advanced(by: deadline)) { _ in }
    }

    private func expect(
        _ found: [AppendRequest], _ expected: [AppendRequest], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(found.map(ObjectIdentifier.init) == expected.map(ObjectIdentifier.init), sourceLocation: sourceLocation)
    }

    /// A group that is decided again is answered after the one that was sent behind it.
    @Test func `are taken out by the group that was answered, whichever it is`() {
        let inFlight = AppendsInFlight()
        let groups = [2, 3, 1].map { count in (0..<count).map { _ in request() } }
        for group in groups { inFlight.add(group) }
        inFlight.remove(groups[1])
        expect(inFlight.all, groups[0] + groups[2])
        inFlight.remove([groups[0][0]])
        expect(inFlight.all, [groups[0][1]] + groups[2])
        inFlight.remove(groups[1])
        expect(inFlight.all, [groups[0][1]] + groups[2])
        expect(inFlight.removeAll(), [groups[0][1]] + groups[2])
        #expect(inFlight.isEmpty)
    }

    /// As after a link that was lost: all of them are decided again, and answered as one.
    @Test func `are one group once nobody knows whether they were committed`() {
        let inFlight = AppendsInFlight()
        let groups = [2, 3].map { count in (0..<count).map { _ in request() } }
        for group in groups { inFlight.add(group) }
        inFlight.loseTrack()
        #expect(inFlight.all.map(\.isOutcomeUnknown) == Array(repeating: true, count: 5))
        inFlight.remove(inFlight.all)
        #expect(inFlight.isEmpty)
    }

    @Test func `are given up at their deadline, and looked for before the others are written again`() {
        let inFlight = AppendsInFlight()
        let (late, early) = (request(deadline: .zero), request())
        inFlight.add([early, late])
        expect(inFlight.removeExpired(at: .now), [late])
        #expect(inFlight.all.map(\.isOutcomeUnknown) == [true])
        #expect(inFlight.all.map { $0.streams.map(\.name) } == [early.streams.map(\.name)])
        #expect(!early.isOutcomeUnknown)
    }

    /// Where events of any try may stand is behind the head of the first.
    @Test func `remember where the log ended at the first try that may have been committed`() {
        let inFlight = AppendsInFlight()
        inFlight.add([request(expecting: .any)])
        _ = inFlight.removeExpired(at: .now, triedBehind: nil)
        #expect(!inFlight.all[0].mayHaveLeft(before: 1_000), "it never had the lock")
        for head in [30, 40, nil] as [Int64?] {
            _ = inFlight.removeExpired(at: .now, triedBehind: head)
            #expect(!inFlight.all[0].mayHaveLeft(before: 31))
            #expect(inFlight.all[0].mayHaveLeft(before: 32))
        }
    }
}
