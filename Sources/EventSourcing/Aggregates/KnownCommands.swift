internal import FoundationEssentials

/// The commands that led to an aggregate's state, in as much memory however long its stream is.
///
/// The newest are remembered in full. Of those before them, and of those that a snapshot stands for, only a hash of
/// their first event's id is kept, and beyond ``hashesMax`` nothing. What may be among those is looked for in the store
/// by its event ids: one look-up for a command that is, or seems to be, a repeat of an old one, and one for every
/// command on a stream with more than ``hashesMax`` forgotten commands.
struct KnownCommands: Sendable {
    /// What is remembered of a command that was carried out.
    struct CarriedOut: Sendable {
        var revision: Revision
        var position: LogPosition
        let fingerprint: String?
    }

    enum Knowledge: Sendable {
        case carriedOut(CarriedOut)
        /// It may be one of those that are forgotten.
        case perhaps
        case never
    }

    /// At least so many commands are remembered in full, and at most twice as many.
    static let rememberedMin = 1_000
    /// How many forgotten commands are known by a hash.
    static let hashesMax = 100_000

    private let stream: StreamName
    private var young: [CommandID: CarriedOut] = [:]
    private var old: [CommandID: CarriedOut] = [:]
    private var hashes: Set<UInt32> = []
    /// Whether there are forgotten commands without a hash.
    private var hasLostSome = false

    init(of stream: StreamName) { self.stream = stream }

    /// - Parameter forgotten: The events of commands that are not remembered; `nil` when they are too many to name.
    init(of stream: StreamName, forgotten: Set<EventID>?) {
        self.stream = stream
        if let forgotten, forgotten.count <= Self.hashesMax {
            hashes = Set(forgotten.lazy.map(\.shortHash))
        } else {
            hasLostSome = true
        }
    }

    func knowledge(of id: CommandID) -> Knowledge {
        if let carriedOut = young[id] ?? old[id] { return .carriedOut(carriedOut) }
        if hasLostSome { return .perhaps }
        guard !hashes.isEmpty else { return .never }
        return hashes.contains(id.eventID(0, in: stream).shortHash) ? .perhaps : .never
    }

    /// Remembers a command by its last event.
    mutating func note(_ id: CommandID, _ carriedOut: CarriedOut) {
        young[id] = carriedOut
        guard young.count >= Self.rememberedMin else { return }
        forget(old.keys)
        old = young
        young = [:]
    }

    private mutating func forget(_ ids: some Collection<CommandID>) {
        guard !hasLostSome, hashes.count + ids.count <= Self.hashesMax else {
            hasLostSome = hasLostSome || !ids.isEmpty
            hashes = []
            return
        }
        for id in ids { hashes.insert(id.eventID(0, in: stream).shortHash) }
    }
}

extension EventID {
    /// Enough to tell a hundred thousand ids from another one: they come from SHA-256 or are random.
    fileprivate var shortHash: UInt32 {
        let bytes = rawValue.uuid
        return UInt32(bytes.12) << 24 | UInt32(bytes.13) << 16 | UInt32(bytes.14) << 8 | UInt32(bytes.15)
    }
}
