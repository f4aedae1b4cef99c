import EventSourcing
import Testing

@Suite struct `Expected revisions` {
    @Test(
        arguments: [
            (ExpectedRevision.any, [nil, 0, 5]), (.noStream, [nil]), (.streamExists, [0, 5]),
            (.exact(Revision(rawValue: 0)), [0]), (.exact(Revision(rawValue: 5)), [5]),
        ] as [(ExpectedRevision, [Int64?])])
    func `are met by some revisions`(_ expected: ExpectedRevision, _ met: [Int64?]) {
        for revision in [nil, 0, 5] as [Int64?] {
            #expect(expected.isMet(by: revision.map(Revision.init(rawValue:))) == met.contains(revision))
        }
    }

    @Test func `follow the last revision, or that there is none`() {
        #expect(ExpectedRevision(after: nil) == .noStream)
        #expect(ExpectedRevision(after: Revision.first) == .exact(.first))
    }
}
