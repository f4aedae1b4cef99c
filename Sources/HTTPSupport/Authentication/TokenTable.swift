internal import Crypto
internal import FoundationEssentials

/// Finds who a token belongs to, in a time that says nothing about the tokens it knows.
struct TokenTable: Sendable {
    private struct Entry: Sendable {
        let hash: [UInt8]
        let principal: Principal
    }

    /// By the first byte of the hash; each list is gone through to its end.
    private var entries: [UInt8: [Entry]] = [:]

    init(_ entries: [TokenEntry]) {
        for entry in entries {
            self.entries[entry.hash[0], default: []].append(Entry(hash: entry.hash, principal: entry.principal))
        }
    }

    subscript(token: String) -> Principal? {
        let hash = Array(SHA256.hash(data: Data(token.utf8)))
        var found: Principal?
        for entry in entries[hash[0], default: []] where areEqual(entry.hash, hash) { found = entry.principal }
        return found
    }

    private func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count == right.count && zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
