/// What somebody may do.
public struct Roles: OptionSet, Sendable, Hashable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// Buys: places and cancels orders of their own, and sees those.
    public static let customer = Roles(rawValue: 1)
    /// Runs the shop: products, stock, orders of any customer, shipments and refunds.
    public static let staff = Roles(rawValue: 2)
    /// Runs the system, and may do everything.
    public static let operatorRole = Roles(rawValue: 4)
    /// Sees everything, and changes nothing.
    public static let auditor = Roles(rawValue: 8)

    /// A program of its own: appends to the log and reads all of it.
    public static let service = Roles(rawValue: 16)

    public static let all: Roles = [.customer, .staff, .operatorRole, .auditor, .service]

    private static let named: [(name: String, role: Roles)] = [
        ("customer", .customer), ("staff", .staff), ("operator", .operatorRole), ("auditor", .auditor),
        ("service", .service),
    ]

    /// The role that token files and people call `name`.
    public init?(name: String) {
        guard let role = Self.named.first(where: { $0.name == name })?.role else { return nil }
        self = role
    }

    /// As token files and people call them.
    public var names: [String] { Self.named.filter { contains($0.role) }.map(\.name) }
}
