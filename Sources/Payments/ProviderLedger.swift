public import Commerce

/// A provider's books, by the provider's own numbers.
public struct ProviderLedger: Sendable, Hashable {
    public struct Authorisation: Sendable, Hashable {
        public let order: OrderID
        public let amount: Money
        public internal(set) var state = State.held

        public enum State: Sendable, Hashable { case held, captured, voided }
    }

    public struct Capture: Sendable, Hashable {
        public let order: OrderID
        public let authorisationID: String
        public let amount: Money
        /// What was given back of it.
        public internal(set) var refundedMinorUnits = 0
    }

    public struct Refund: Sendable, Hashable {
        public let order: OrderID
        public let captureID: String
        public let amount: Money
    }

    public internal(set) var authorisations: [String: Authorisation] = [:]
    public internal(set) var captures: [String: Capture] = [:]
    public internal(set) var refunds: [String: Refund] = [:]

    /// Minor units set aside for `order` now.
    public func held(for order: OrderID) -> Int {
        authorisations.values.reduce(0) { $0 + ($1.order == order && $1.state == .held ? $1.amount.minorUnits : 0) }
    }

    /// Minor units collected for `order`, before any refund.
    public func captured(for order: OrderID) -> Int {
        captures.values.reduce(0) { $0 + ($1.order == order ? $1.amount.minorUnits : 0) }
    }

    /// Minor units given back for `order`.
    public func refunded(for order: OrderID) -> Int {
        refunds.values.reduce(0) { $0 + ($1.order == order ? $1.amount.minorUnits : 0) }
    }
}
