/// Decides which of a number of shares a process holds, so that all processes hold about equally many.
struct LeaseShare: Sendable, Hashable {
    let shareCount: Int

    struct Plan: Sendable, Hashable {
        /// Shares to give back.
        let release: Set<Int>
        /// Shares to try to take, in this order.
        let acquire: [Int]
    }

    /// - Parameters:
    ///   - held: What this process holds.
    ///   - heldByOthers: What other processes hold.
    ///   - members: How many processes there are, this one included.
    func plan(held: Set<Int>, heldByOthers: Set<Int>, members: Int) -> Plan {
        let fair = (shareCount + members - 1) / max(1, members)
        guard held.count <= fair else {
            return Plan(release: Set(held.sorted().suffix(held.count - fair)), acquire: [])
        }
        let free = Set(0..<shareCount).subtracting(held).subtracting(heldByOthers)
        return Plan(release: [], acquire: Array(free.sorted().prefix(fair - held.count)))
    }
}
