/// Numbers a batch of events as the log is under its lock, and leaves out those that are recorded already.
struct ImportPlan {
    /// Where an event of the batch comes to stand.
    struct Row: Equatable {
        /// Which event of the batch.
        let index: Int
        let position: Int64
        let revision: Int64
    }

    private(set) var head: Int64
    private(set) var rows: [Row] = []

    /// - Parameters:
    ///   - streamIndices: The stream of each event, as a place in `revisions`.
    ///   - revisions: The last revision of each stream; -1 for one without events.
    ///   - recorded: Which of the events the log has.
    init(_ streamIndices: [Int], head: Int64, revisions: [Int64], recorded: Set<Int> = []) {
        self.head = head
        var revisions = revisions
        rows.reserveCapacity(streamIndices.count)
        for (index, stream) in streamIndices.enumerated() where !recorded.contains(index) {
            revisions[stream] += 1
            self.head += 1
            rows.append(Row(index: index, position: self.head, revision: revisions[stream]))
        }
    }
}
