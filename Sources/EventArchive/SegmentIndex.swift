internal import EventSourcing
internal import FoundationEssentials

/// The sections of a segment; their numbers are those of the format.
enum SectionKind: UInt16, CaseIterable, Sendable {
    case blocks = 1
    case types, categories, tags, correlations, streams

    /// Those that hold postings.
    static let postings: [SectionKind] = [.types, .categories, .tags, .correlations, .streams]
}

/// Gathers the postings of a segment, block by block.
struct SegmentIndexBuilder {
    private var entries: [SectionKind: [Postings.Entry]] = [:]
    private var blockNumber = 0
    private var keys: [SectionKind: Set<ExactText>] = [:]
    private var correlations: Set<CorrelationID> = []
    private var firstRevisions: [StreamName: Int64] = [:]

    mutating func add(_ event: RecordedEvent) {
        keys[.types, default: []].insert(ExactText(event.type.rawValue))
        if firstRevisions[event.stream] == nil {
            firstRevisions[event.stream] = event.revision.rawValue
            keys[.categories, default: []].insert(ExactText(event.stream.category))
        }
        correlations.insert(event.correlationID)
        guard !event.storedTags.isEmpty else { return }
        keys[.tags, default: []].formUnion(event.tags.lazy.map { ExactText($0.rawValue) })
    }

    /// What follows is of the next block.
    mutating func endBlock() {
        for (kind, keys) in keys { for key in keys { add(Fingerprint(key.text), to: kind) } }
        for id in correlations { add(withUnsafeBytes(of: id.rawValue.uuid) { Fingerprint($0) }, to: .correlations) }
        for (stream, revision) in firstRevisions {
            add(Fingerprint(stream.rawValue), firstRevision: revision, to: .streams)
        }
        keys = [:]
        correlations = []
        firstRevisions = [:]
        blockNumber += 1
    }

    private mutating func add(_ fingerprint: Fingerprint, firstRevision: Int64 = 0, to kind: SectionKind) {
        entries[kind, default: []].append(
            Postings.Entry(fingerprint: fingerprint, firstRevision: firstRevision, block: blockNumber))
    }

    /// The postings of one kind. Two keys with one fingerprint share an entry, which then has the lower revision.
    func postings(_ kind: SectionKind) -> Postings {
        func order(_ entry: Postings.Entry) -> (UInt64, Int, Int64) {
            (entry.fingerprint.rawValue, entry.block, entry.firstRevision)
        }
        var unique: [Postings.Entry] = []
        for entry in (entries[kind] ?? []).sorted(by: { order($0) < order($1) }) {
            if let last = unique.last, last.fingerprint == entry.fingerprint, last.block == entry.block { continue }
            unique.append(entry)
        }
        return Postings(unique, withRevisions: kind == .streams)
    }
}
