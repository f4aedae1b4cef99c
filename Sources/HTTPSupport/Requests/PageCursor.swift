internal import Crypto
internal import FoundationEssentials

/// Where the next page of a list begins: opaque to clients, who send it back as it is.
///
/// Whatever was changed on its way, or belongs to another list, is told by a checksum. That is a courtesy and no
/// protection: a cursor holds nothing that its client may not choose.
public struct PageCursor: Sendable, Hashable, CustomStringConvertible {
    private static let checksumLength = 6
    private static let lengthMax = 1_024

    /// The sort key of the last entry that was shown.
    public let parts: [String]
    private let list: String

    /// - Parameter list: Tells the lists of an API apart, filters included.
    public init(list: String, parts: [String]) {
        self.list = list
        self.parts = parts
    }

    /// Takes a cursor from a client.
    ///
    /// - Returns: `nil` when it is none of this list's, or was changed.
    public init?(_ text: String, list: String, count: Int) {
        guard text.utf8.count <= Self.lengthMax, let bytes = Base64URL.decode(text),
            bytes.count >= Self.checksumLength,
            let content = String(validating: bytes.dropFirst(Self.checksumLength), as: UTF8.self)
        else { return nil }
        let parts = content.split(separator: Self.separator, omittingEmptySubsequences: false).map(String.init)
        self.init(list: list, parts: parts)
        guard parts.count == count, bytes.prefix(Self.checksumLength).elementsEqual(checksum) else { return nil }
    }

    public var description: String { Base64URL.encode(checksum + Array(content.utf8)) }

    private static let separator: Character = "\u{1F}"

    private var content: String { parts.joined(separator: String(Self.separator)) }

    private var checksum: [UInt8] {
        Array(SHA256.hash(data: Data("\(list)\u{1E}\(content)".utf8)).prefix(Self.checksumLength))
    }
}
