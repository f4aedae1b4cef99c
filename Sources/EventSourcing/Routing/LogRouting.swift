internal import Crypto
internal import FoundationEssentials

/// Says in which log each stream lies: by the first rule that its name meets, and otherwise in the default log.
///
/// The answer depends on the stream's name alone, so that every process gives the same one.
public struct LogRouting: Sendable, Hashable {
    /// Streams, and the log or logs that they lie in.
    public struct Rule: Sendable, Hashable {
        /// Streams of these categories, or `nil` for all.
        public var categories: Set<String>?
        /// Streams of these tenants, or `nil` for all, those without a tenant included.
        public var tenants: Set<String>?
        /// One log, or several that the streams are spread over by a hash.
        public var logs: [LogName]

        public init(categories: Set<StreamCategory>? = nil, tenants: Set<String>? = nil, logs: [LogName]) {
            precondition(!logs.isEmpty, "a rule names at least one log")
            self.categories = categories.map { Set($0.map(\.rawValue)) }
            self.tenants = tenants
            self.logs = logs
        }

        func applies(to stream: StreamName) -> Bool {
            if let categories, !categories.contains(where: { $0.isExactly(stream.category) }) { return false }
            guard let tenants else { return true }
            guard let tenant = LogRouting.tenant(of: stream) else { return false }
            return tenants.contains { $0.isExactly(tenant) }
        }
    }

    public var rules: [Rule]
    /// Where a stream lies that no rule is about.
    public var defaultLog: LogName

    public init(_ rules: [Rule] = [], default defaultLog: LogName = .main) {
        self.rules = rules
        self.defaultLog = defaultLog
    }

    /// The log that `stream` lies in.
    public func log(of stream: StreamName) -> LogName {
        guard let rule = rules.first(where: { $0.applies(to: stream) }) else { return defaultLog }
        guard rule.logs.count > 1 else { return rule.logs[0] }
        return rule.logs[Int(Self.hash(of: stream) % UInt64(rule.logs.count))]
    }

    /// Whether the streams that `stream` belongs with are spread over several logs by a hash.
    func isSpread(_ stream: StreamName) -> Bool {
        rules.first { $0.applies(to: stream) }.map { $0.logs.count > 1 } ?? false
    }

    /// Every log that a stream can lie in.
    public var logs: Set<LogName> { rules.reduce(into: [defaultLog]) { $0.formUnion($1.logs) } }
}

extension LogRouting: CustomStringConvertible {
    /// A line for each rule, the same for equal routings.
    public var description: String {
        (rules.map(\.description) + ["others: \(defaultLog)"]).joined(separator: "\n")
    }
}

extension LogRouting.Rule: CustomStringConvertible {
    /// `category "order" "payment", tenant "acme": orders-0 orders-1`
    public var description: String {
        let conditions = [("category", categories), ("tenant", tenants)].compactMap { name, values in
            values.map { ([name] + $0.sorted().map(\.debugDescription)).joined(separator: " ") }
        }
        return (conditions.isEmpty ? "all" : conditions.joined(separator: ", ")) + ": "
            + logs.map(\.rawValue).joined(separator: " ")
    }
}

extension LogRouting {
    /// What a stream is about: its id, without what stands before a `:`, which is the name of a saga. So an order and
    /// the sagas of that order have one tenant and one hash.
    ///
    /// Looked for among bytes: what counts as one character changes with versions of Unicode.
    static func subject(of stream: StreamName) -> Substring {
        let id = stream.id
        return id.utf8.firstIndex(of: UInt8(ascii: ":")).map { id[id.utf8.index(after: $0)...] } ?? id[...]
    }

    /// The part of the subject before the first `/`: `acme` of `order-acme/42` and of `saga-order-fulfilment:acme/42`.
    ///
    /// - Returns: `nil` when there is no `/`.
    public static func tenant(of stream: StreamName) -> String? {
        let subject = subject(of: stream)
        return subject.utf8.firstIndex(of: UInt8(ascii: "/")).map { String(subject[..<$0]) }
    }

    /// The first eight bytes of the SHA-256 of the subject in UTF-8, as a big-endian number. It never changes: where
    /// the streams of a deployment lie follows from it.
    public static func hash(of stream: StreamName) -> UInt64 {
        SHA256.hash(data: Data(subject(of: stream).utf8)).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
