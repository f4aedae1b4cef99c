internal import Crypto
public import EventCodec
internal import FoundationEssentials

/// What a token file holds of one token: who has it and what they may do, and of the token its hash alone.
public struct TokenEntry: Sendable, Hashable {
    static let actorLengthMax = 128

    /// The SHA-256 of the token.
    let hash: [UInt8]
    public let principal: Principal

    init(hash: [UInt8], principal: Principal) {
        self.hash = hash
        self.principal = principal
    }

    /// The entry of `token`.
    public init(token: String, principal: Principal) {
        self.init(hash: Array(SHA256.hash(data: Data(token.utf8))), principal: principal)
    }

    /// A new token that nobody can guess, with its entry. The token is shown once, and kept nowhere.
    public static func make(for principal: Principal) -> (token: String, entry: TokenEntry) {
        var random = SystemRandomNumberGenerator()
        let token = "strata_" + Base64URL.encode((0..<32).map { _ in UInt8.random(in: 0...255, using: &random) })
        return (token, TokenEntry(token: token, principal: principal))
    }
}

extension TokenEntry {
    static let nameRule = "1 to \(actorLengthMax) characters without control characters"

    static func isName(_ text: String) -> Bool {
        let characters = text.unicodeScalars
        return (1...actorLengthMax).contains(characters.count)
            && characters.allSatisfy { $0.properties.generalCategory != .control }
    }

    /// What is wrong with it, as a clause: a file with it would not be read, or let somebody in as nobody.
    var flaw: String? {
        guard Self.isName(principal.actor) else { return "the actor is not \(Self.nameRule)" }
        guard principal.customerID.map(Self.isName) ?? true else { return "the customer is not \(Self.nameRule)" }
        guard !principal.roles.contains(.customer) || principal.customerID != nil else {
            return "a customer needs a customerId"
        }
        return nil
    }
}

extension TokenEntry: JSONWritable {
    public func write(to json: inout JSONWriter) {
        json.startObject()
        json.key("tokenHash")
        json.string(hash.map { String($0 >> 4, radix: 16) + String($0 & 0xF, radix: 16) }.joined())
        json.key("actor")
        json.string(principal.actor)
        json.key("roles")
        principal.roles.names.write(to: &json)
        if let customerID = principal.customerID {
            json.key("customerId")
            json.string(customerID)
        }
        json.endObject()
    }
}

extension JSONRule where Value == TokenEntry {
    static var tokenEntry: JSONRule {
        .object { fields in
            fields.all(
                fields.required("tokenHash", .sha256), fields.required("actor", .actor),
                fields.required("roles", .array(of: .role, countMax: 16)), fields.optional("customerId", .string)
            ).map { hash, actor, roles, customerID in
                TokenEntry(hash: hash, principal: Principal(actor: actor, roles: Roles(roles), customerID: customerID))
            }
        }
    }
}

extension JSONRule where Value == [UInt8] {
    fileprivate static var sha256: JSONRule {
        text("a SHA-256 in 64 hexadecimal digits") { text in
            let digits = text.compactMap(\.hexDigitValue).map(UInt8.init)
            guard text.utf8.count == 64, digits.count == 64 else { return nil }
            return stride(from: 0, to: 64, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
        }
    }
}

extension JSONRule where Value == String {
    fileprivate static var actor: JSONRule {
        text(TokenEntry.nameRule) { TokenEntry.isName($0) ? $0 : nil }
    }
}

extension JSONRule where Value == Roles {
    fileprivate static var role: JSONRule {
        text("one of \(Roles.all.names.joined(separator: ", "))") { Roles(name: $0) }
    }
}
