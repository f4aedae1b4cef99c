internal import EventSourcing

/// The last revisions of streams that were written lately, and how far the log had come by then.
///
/// A revision that is kept here was the stream's last one at some time, and a stream never gets shorter. So long as the
/// log's head is where this process left it, it still is.
struct StreamRevisions {
    /// Marks a stream without events.
    static let none: Int64 = -1

    /// What is known of one stream. A group looks it up once, and keeps it until it is written.
    final class Entry {
        /// `nil` when nothing is known of the stream.
        fileprivate var revision: Int64?
        /// The group that was put together last of those that append to the stream, and what the revision is behind it.
        fileprivate var planned: (group: Int, revision: Int64)?

        fileprivate init() {}
    }

    private var head: Int64 = -1
    private var young: [StreamName: Entry] = [:]
    private var old: [StreamName: Entry] = [:]
    private let capacity: Int
    /// The group that is being put together.
    private var group = 0

    init(capacity: Int = 200_000) { self.capacity = capacity }

    /// Whether nobody else has appended when the log's head is at `head`.
    func isCurrent(at head: Int64) -> Bool { self.head == head }

    subscript(stream: StreamName) -> Int64? { (young[stream] ?? old[stream])?.revision }

    /// Forgets everything, because somebody else has appended: what comes in from now on is looked up at `head`.
    mutating func reset(at head: Int64 = -1) {
        self.head = head
        young = [:]
        old = [:]
    }

    /// Takes in what a group of `count` events left behind.
    mutating func update(_ revisions: [StreamName: Int64], head: Int64, count: Int) {
        advance(to: head, count: count)
        for (stream, revision) in revisions { entry(of: stream).revision = revision }
    }

    // MARK: A group that is put together before the one in front of it is written

    mutating func beginGroup() { group += 1 }

    mutating func entry(of stream: StreamName) -> Entry {
        if let entry = young[stream] { return entry }
        let entry = old[stream] ?? Entry()
        if young.count > capacity / 2 {
            old = young
            young = [:]
        }
        young[stream] = entry
        return entry
    }

    /// The last revision with what the group adds; `nil` when nothing is known of the stream.
    func revision(in entry: Entry) -> Int64? {
        if let planned = entry.planned, planned.group == group { planned.revision } else { entry.revision }
    }

    func plan(_ revision: Int64, in entry: Entry) { entry.planned = (group, revision) }

    /// Records that what was planned is written.
    func confirm(_ revision: Int64, in entry: Entry) { entry.revision = revision }

    /// Records that the log's head has come to `head` by a group of `count` events.
    mutating func advance(to head: Int64, count: Int) {
        self.head = isCurrent(at: head - Int64(count)) ? head : -1
    }
}
