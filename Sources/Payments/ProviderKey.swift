internal import Commerce
internal import EventSourcing

/// The key under which a provider does something once.
public struct ProviderKey: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    public var description: String { rawValue }
}

extension ProviderKey {
    /// An order is authorised once, whatever command asks for it; so its authorisation can be voided by its key even
    /// when the outcome was never learnt.
    static func authorisation(of order: OrderID) -> ProviderKey { derived("authorise", order.rawValue) }

    /// An order is captured once, whatever command asks for it.
    static func capture(of order: OrderID) -> ProviderKey { derived("capture", order.rawValue) }

    static func void(of order: OrderID, by command: CommandID) -> ProviderKey {
        derived("void", order.rawValue, command.description)
    }

    /// An order may be refunded in parts, each by a request of its own, named by the command that asked for it.
    static func refund(of order: OrderID, by request: String) -> ProviderKey {
        derived("refund", order.rawValue, request)
    }

    private static func derived(_ operation: String, _ order: String, _ command: String = "") -> ProviderKey {
        ProviderKey(rawValue: EventID.derived(from: "payment", operation, order, command).description)
    }
}
