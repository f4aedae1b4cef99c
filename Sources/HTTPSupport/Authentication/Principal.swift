/// Who sends a request, and what they may do.
public struct Principal: Sendable, Hashable {
    /// Goes into the history of whatever they do.
    public let actor: String
    public let roles: Roles
    /// The customer that they are.
    public let customerID: String?

    public init(actor: String, roles: Roles, customerID: String? = nil) {
        self.actor = actor
        self.roles = roles
        self.customerID = customerID
    }

    /// Identifies the caller, so that two callers' idempotency keys never collide. Customers of one shop front may
    /// share an actor. (U+001F is in no actor.)
    public var caller: String { customerID.map { "\(actor)\u{1F}\($0)" } ?? actor }

    /// - Throws: 403 when none of `roles` is theirs.
    func require(_ roles: Roles) throws(Problem) {
        guard !self.roles.isDisjoint(with: roles) else {
            throw .forbidden("This takes one of these roles: \(roles.names.joined(separator: ", ")).")
        }
    }

    /// The one customer whose orders they may see and change; `nil` when that is everybody's, by one of `roles`.
    public func ownCustomerOnly(unless roles: Roles) -> String? {
        self.roles.isDisjoint(with: roles) ? customerID ?? "" : nil
    }
}
