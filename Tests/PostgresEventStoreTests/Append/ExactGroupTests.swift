import EventSourcing
import NIOConcurrencyHelpers
import Testing

@testable import PostgresEventStore

@Suite struct `A group of appends at exact revisions` {
    private let stream = newStream()
    private let answers = NIOLockedValueBox<[AppendReceipt]>([])

    private func append(_ count: Int, to stream: StreamName, _ expected: ExpectedRevision) -> AppendRequest {
        let append = StreamAppend(stream: stream, expected: expected, events: (0..<count).map { _ in event() })
        return AppendRequest([append], provided: [], deadline: .now) { [answers] answer in
            answers.withLockedValue { $0.append(contentsOf: (try? answer.get()).map { [$0] } ?? []) }
        }
    }

    private func exact(_ revision: Int64) -> ExpectedRevision { .exact(Revision(rawValue: revision)) }

    @Test func `may have appends that follow each other in one stream`() throws {
        var known = StreamRevisions()
        let requests = [append(2, to: stream, .noStream), append(1, to: stream, exact(1))]
        let group = try #require(ExactGroup(requests, &known, newStreamsAreCompared: false))
        #expect(group.rows.parts.map(\.firstRevision) == [0, 2])
        #expect(group.rows.count == 3)
        #expect(group.assumed.isEmpty)
    }

    @Test func `has none that is not the next of its stream`() {
        var known = StreamRevisions()
        known.update([stream: 4], head: 5, count: 5)
        for expected in [exact(3), exact(5), .noStream] {
            #expect(ExactGroup([append(1, to: stream, expected)], &known, newStreamsAreCompared: false) == nil)
        }
        let twice = [append(1, to: stream, exact(4)), append(1, to: stream, exact(4))]
        #expect(ExactGroup(twice, &known, newStreamsAreCompared: false) == nil)
    }

    @Test(arguments: [.any, .streamExists] as [ExpectedRevision])
    func `has none that any of several revisions would do for`(_ expected: ExpectedRevision) {
        var known = StreamRevisions()
        #expect(ExactGroup([append(1, to: stream, expected)], &known, newStreamsAreCompared: false) == nil)
    }

    /// What the group in front of it adds may not come to be.
    @Test func `does not follow a group that is not written yet`() throws {
        var known = StreamRevisions()
        known.reset(at: 0)
        known.update([stream: 4], head: 5, count: 5)
        let first = try #require(
            ExactGroup([append(2, to: stream, exact(4))], &known, newStreamsAreCompared: false))
        #expect(ExactGroup([append(1, to: stream, exact(6))], &known, newStreamsAreCompared: false) == nil)
        first.update(&known, head: 7)
        #expect(known[stream] == 6)
        #expect(known.isCurrent(at: 7))
        #expect(ExactGroup([append(1, to: stream, exact(6))], &known, newStreamsAreCompared: false) != nil)
    }

    @Test func `assumes of a stream that was never looked up what the first append to it expects`() throws {
        var known = StreamRevisions()
        let new = newStream()
        let requests = [
            append(1, to: stream, exact(7)), append(1, to: stream, exact(8)), append(1, to: new, .noStream),
        ]
        let group = try #require(ExactGroup(requests, &known, newStreamsAreCompared: false))
        #expect(group.assumed.map(\.stream) == [stream])
        #expect(group.assumed.map(\.revision) == [7])
        let careful = try #require(ExactGroup(requests, &known, newStreamsAreCompared: true))
        #expect(careful.assumed.map(\.stream) == [stream, new])
        #expect(careful.assumed.map(\.revision) == [7, -1])
    }

    @Test func `tells each append where its events stand`() throws {
        var known = StreamRevisions()
        let other = newStream()
        let requests = [
            append(2, to: stream, .noStream), append(3, to: other, exact(9)), append(1, to: stream, exact(1)),
        ]
        try #require(ExactGroup(requests, &known, newStreamsAreCompared: false)).reply(.main, behind: 100)
        let receipts = answers.withLockedValue { $0 }
        #expect(receipts.map(\.position.rawValue) == [102, 105, 106])
        #expect(receipts.flatMap(\.streams).map(\.revision.rawValue) == [1, 12, 2])
        #expect(receipts.flatMap(\.streams).map(\.stream) == [stream, other, stream])
    }
}
