internal import EventSourcing

/// The last revisions of streams that were written lately, and how far the log had come by then.
///
/// A revision that is kept here was the stream's last one at some time, and a stream never gets shorter. So long as the
/// log's head is where this process left it, it still is.
struct StreamRevisions {
    /// Marks a stream without events.
    static let none: Int64 = -1

    private var head: Int64 = -1
    private var young: [StreamName: Int64] = [:]
    private var old: [StreamName: Int64] = [:]
    private let capacity: Int

    init(capacity: Int = 200_000) { self.capacity = capacity }

    /// Whether nobody else has appended when the log's head is at `head`.
    func isCurrent(at head: Int64) -> Bool { self.head == head }

    subscript(stream: StreamName) -> Int64? { young[stream] ?? old[stream] }

    /// Forgets everything, because somebody else has appended: what comes in from now on is looked up at `head`.
    mutating func reset(at head: Int64 = -1) {
        self.head = head
        young = [:]
        old = [:]
    }

    /// Takes in what a group of `count` events left behind.
    mutating func update(_ revisions: [StreamName: Int64], head: Int64, count: Int) {
        self.head = isCurrent(at: head - Int64(count)) ? head : -1
        young.merge(revisions) { _, new in new }
        guard young.count > capacity / 2 else { return }
        old = young
        young = [:]
    }
}
