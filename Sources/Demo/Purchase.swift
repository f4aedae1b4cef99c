public import Commerce

/// One purchase of a history: becomes one order.
public struct Purchase: Sendable, Hashable {
    public let customer: String
    public let date: CalendarDate
    public let quantity: Int
    /// What was paid for all of it, in cents.
    public let amountCents: Int
}

/// Orders, quantities and money together.
public struct Totals: Sendable, Hashable {
    public var orders = 0
    public var quantity = 0
    public var amountCents = 0

    public init() {}

    mutating func add(quantity: Int, amountCents: Int) {
        orders += 1
        self.quantity += quantity
        self.amountCents += amountCents
    }
}
