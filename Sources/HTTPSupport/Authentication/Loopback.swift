/// The names and addresses under which nobody but this machine reaches this machine.
enum Loopback {
    static func isLoopback(_ host: String) -> Bool {
        if host.lowercased() == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// - Parameter authority: A host, perhaps with a port: `localhost:8081`, `[::1]:8081`.
    static func isLoopback(authority: String) -> Bool {
        if authority.hasPrefix("[") { return authority == "[::1]" || authority.hasPrefix("[::1]:") }
        return isLoopback(String(authority.prefix { $0 != ":" }))
    }
}
