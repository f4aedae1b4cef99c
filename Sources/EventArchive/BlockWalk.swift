internal import EventSourcing

/// The blocks that may hold what a read wants, in the order of the read. Segments are opened when their turn comes, and
/// blocks without events of the wanted types, categories or tags are passed over without being unpacked.
struct BlockWalk {
    private let positions: ClosedRange<Int64>
    private let direction: ReadDirection
    private let filter: EventFilter
    private let open: (SealedSegment) throws(ArchiveError) -> SegmentFile
    /// Those that come next are last.
    private var segments: [SealedSegment]
    private var file: SegmentFile?
    private var blocks: [Int] = []

    init(
        _ segments: [SealedSegment], _ positions: ClosedRange<Int64>, _ direction: ReadDirection, _ filter: EventFilter,
        open: @escaping (SealedSegment) throws(ArchiveError) -> SegmentFile
    ) {
        let wanted = segments.filter { $0.positions.overlaps(positions) }
        self.segments = direction == .forwards ? wanted.reversed() : wanted
        self.positions = positions
        self.direction = direction
        self.filter = filter
        self.open = open
    }

    mutating func next() throws(ArchiveError) -> (file: SegmentFile, block: Int)? {
        while true {
            if let file, let block = blocks.popLast() { return (file, block) }
            guard let segment = segments.popLast() else { return nil }
            let next = try open(segment)
            file = next
            blocks = try wantedBlocks(of: next)
        }
    }

    private func wantedBlocks(of file: SegmentFile) throws(ArchiveError) -> [Int] {
        let range = positions.clamped(to: file.positions)
        let all = file.block(at: range.lowerBound)...file.block(at: range.upperBound)
        var blocks = direction == .forwards ? all.reversed() : Array(all)
        if let types = filter.types {
            let wanted = try file.postings(.types).blocks(of: types.map(\.rawValue))
            blocks.removeAll { !wanted.contains($0) }
        }
        if let categories = filter.categories {
            let wanted = try file.postings(.categories).blocks(of: categories.map(\.rawValue))
            blocks.removeAll { !wanted.contains($0) }
        }
        if let query = filter.query {
            let wanted = try wantedBlocks(of: query, in: file.postings(.tags))
            blocks.removeAll { !wanted.contains($0) }
        }
        return blocks
    }

    /// Where all tags of a criterion occur, though perhaps at different events.
    private func wantedBlocks(of query: EventQuery, in tags: Postings) -> Set<Int> {
        query.criteria.reduce(into: []) { wanted, criterion in
            let ofEach = criterion.tags.map { tags.blocks(of: [$0.rawValue]) }
            wanted.formUnion(ofEach.dropFirst().reduce(ofEach.first ?? []) { $0.intersection($1) })
        }
    }
}
