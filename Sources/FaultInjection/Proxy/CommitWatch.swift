/// Reads along with what a client says, and knows when it asks for the commit of new events.
///
/// It knows of the protocol (PostgreSQL manual, 55.7) as much as that takes: how messages are framed, that `Parse`
/// names statements, that `Bind` uses them, and that `Sync` ends a transaction.
struct CommitWatch {
    /// Bytes of messages that are not complete.
    private var pending: [UInt8] = []
    private var hasStarted = false
    private var inserts: Set<[UInt8]> = []
    private var hasInserted = false

    /// What marks the statement that adds events.
    private static let marker = Array("INSERT INTO strata.events".utf8)
    private static let lengthMax = 1 << 30
    /// What a client may send in place of its first message: requests for TLS or GSSAPI encryption.
    private static let encryptionRequests: Set<Int> = [80_877_103, 80_877_104]

    /// Takes in what the client sent.
    ///
    /// - Returns: How many of these bytes precede a `Sync` that commits new events; `nil` when there is none.
    mutating func take(_ bytes: some Collection<UInt8>) -> Int? {
        let known = pending.count
        pending += bytes
        var start = 0
        var commit: Int?
        while let length = messageLength(at: start), start + length <= pending.count {
            if isCommit(pending[start..<start + length]) { commit = commit ?? max(0, start - known) }
            start += length
        }
        pending.removeFirst(start)
        return commit
    }

    /// The length of the message at `start`, all of it counted; `nil` while too little of it is there.
    private func messageLength(at start: Int) -> Int? {
        let header = hasStarted ? 1 : 0
        guard pending.count >= start + header + 4 else { return nil }
        let length = integer(at: start + header)
        return length < 4 || length > Self.lengthMax ? pending.count - start : header + length
    }

    private func integer(at index: Int) -> Int {
        pending[index..<index + 4].reduce(0) { $0 << 8 | Int($1) }
    }

    private mutating func isCommit(_ message: ArraySlice<UInt8>) -> Bool {
        guard hasStarted else {
            hasStarted = message.count < 8 || !Self.encryptionRequests.contains(integer(at: message.startIndex + 4))
            return false
        }
        let body = message.dropFirst(5)
        switch message.first {
        case UInt8(ascii: "P"):
            if body.firstRange(of: Self.marker) != nil { inserts.insert(Array(body.prefix { $0 != 0 })) }
        case UInt8(ascii: "B"):
            let statement = body.drop { $0 != 0 }.dropFirst().prefix { $0 != 0 }
            if inserts.contains(Array(statement)) { hasInserted = true }
        case UInt8(ascii: "S"):
            defer { hasInserted = false }
            return hasInserted
        default: break
        }
        return false
    }
}
