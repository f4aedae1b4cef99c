internal import EventSourcing

/// A page of a stream whose events are found from the last to the first.
///
/// A page that is read forwards begins with what is found last: meanwhile it keeps no more than the page's size of what
/// may be in it.
struct PageFromItsEnd {
    private let direction: ReadDirection
    private let size: PageSize
    private let eventsMax: Int
    private var room: PageRoom
    /// The last first; those before `start` are not in the page.
    private var found: [RecordedEvent] = []
    private var start = 0
    /// Of `found`, from `start` on.
    private var byteCount = 0
    private var foundCount = 0

    /// - Parameter eventsMax: How many there are to find.
    init(_ direction: ReadDirection, _ size: PageSize, eventsMax: Int) {
        self.direction = direction
        self.size = size
        self.eventsMax = eventsMax
        room = PageRoom(size)
    }

    /// Whether nothing that is still to be found changes the page.
    var isComplete: Bool { foundCount == eventsMax || direction == .backwards && room.isFull }

    /// In the order of the read.
    var events: [RecordedEvent] {
        switch direction {
        case .backwards: found
        case .forwards: found[start...].reversed()
        }
    }

    mutating func take(_ event: RecordedEvent) {
        foundCount += 1
        switch direction {
        case .backwards: found += room.fill(from: CollectionOfOne(event))
        case .forwards:
            found.append(event)
            byteCount += event.byteCount
            forgetWhatDoesNotFit()
        }
    }

    /// What has as much before it as a page takes is in no page that begins there, or earlier.
    private mutating func forgetWhatDoesNotFit() {
        while found.count - start > size.events || byteCount - found[start].byteCount >= size.bytes {
            byteCount -= found[start].byteCount
            start += 1
        }
        guard start > found.count / 2 else { return }
        found.removeFirst(start)
        start = 0
    }
}
