import EventSourcing
import NIOConcurrencyHelpers

/// Holds up to ten coins.
struct Jar: Aggregate, Equatable {
    enum Event: EventPayload, Codable, Hashable {
        case filled(Int)
        case taken(Int)
    }

    enum Command: Sendable {
        case fill(Int)
        /// Records one event for each coin.
        case fillSingly(Int)
        case take(Int)
        /// Is already so, whatever there is.
        case look
    }

    enum Refusal: BusinessRefusal {
        case full(Int)
        case empty

        var code: String { self == .empty ? "empty" : "full" }
        var description: String { self == .empty ? "nothing is left" : "there is no room" }
    }

    static let category: StreamCategory = "jar"

    private(set) var coins = 0

    init() {}

    mutating func apply(_ event: Event) {
        switch event {
        case .filled(let count): coins += count
        case .taken(let count): coins -= count
        }
    }

    func decide(_ command: Command) throws(Refusal) -> [Event] {
        switch command {
        case .fill(let count):
            guard coins + count <= 10 else { throw .full(coins) }
            return [.filled(count)]
        case .fillSingly(let count):
            guard coins + count <= 10 else { throw .full(coins) }
            return Array(repeating: .filled(1), count: count)
        case .take(let count):
            guard count <= coins else { throw .empty }
            return [.taken(count)]
        case .look: return []
        }
    }
}

/// The same, with snapshots.
struct Vault: SnapshottingAggregate, Codable, Equatable {
    typealias Event = Jar.Event
    typealias Command = Jar.Command
    typealias Refusal = Jar.Refusal

    static let category: StreamCategory = "vault"
    static let snapshotVersion = 1
    static let snapshotInterval = 3

    private(set) var coins = 0
    /// How many events were folded since the last snapshot was read.
    private(set) var foldedSinceSnapshot = 0

    private enum CodingKeys: CodingKey {
        case coins
    }

    init() {}

    mutating func apply(_ event: Event) {
        foldedSinceSnapshot += 1
        switch event {
        case .filled(let count): coins += count
        case .taken(let count): coins -= count
        }
    }

    func decide(_ command: Command) throws(Refusal) -> [Event] {
        switch command {
        case .fill(let count): [.filled(count)]
        case .fillSingly(let count): Array(repeating: .filled(1), count: count)
        case .take(let count): if count <= coins { [.taken(count)] } else { throw .empty }
        case .look: []
        }
    }
}

func command(_ name: String = EventID.make().description, fingerprint: String? = nil) -> CommandContext {
    CommandContext(commandID: .derived(from: name), actor: "test", fingerprint: fingerprint)
}

let jarStream = Jar.category.stream("1")
let vaultStream = Vault.category.stream("1")

extension CommandExecutor {
    @discardableResult
    func jar(_ command: Jar.Command, _ context: CommandContext = EventSourcingTests.command()) async throws
        -> CommandReceipt
    {
        try await execute(command, on: "1", as: Jar.self, context)
    }

    @discardableResult
    func vault(_ command: Jar.Command, _ context: CommandContext = EventSourcingTests.command()) async throws
        -> CommandReceipt
    {
        try await execute(command, on: "1", as: Vault.self, context)
    }
}

extension EventStore {
    func coins() async throws -> [Jar.Event] { try await readAll(jarStream).map { try $0.decode() } }
}
