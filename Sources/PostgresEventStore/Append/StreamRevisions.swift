internal import EventSourcing

/// The last revisions of streams that were written lately, as of one head of the log.
///
/// They hold as long as nobody else appends: a log whose head is where the last group of this process left it has not
/// changed in between.
struct StreamRevisions {
    /// Marks a stream without events.
    static let none: Int64 = -1

    private var head: Int64 = -1
    private var young: [StreamName: Int64] = [:]
    private var old: [StreamName: Int64] = [:]
    private let capacity: Int

    init(capacity: Int = 200_000) { self.capacity = capacity }

    func isCurrent(at head: Int64) -> Bool { self.head == head }

    subscript(stream: StreamName) -> Int64? { young[stream] ?? old[stream] }

    /// Forgets everything: somebody else has appended.
    mutating func reset() {
        head = -1
        young = [:]
        old = [:]
    }

    /// Takes in what a group left behind.
    mutating func update(_ revisions: [StreamName: Int64], head: Int64) {
        self.head = head
        young.merge(revisions) { _, new in new }
        guard young.count > capacity / 2 else { return }
        old = young
        young = [:]
    }
}
