internal import EventCodec
internal import FoundationEssentials
internal import Glibc

/// A file of token entries: a JSON array of objects with `tokenHash`, `actor`, `roles` and, for customers, `customerId`.
public struct TokenFile: Sendable {
    public let path: String

    public init(path: String) { self.path = path }

    /// The entries in the file.
    public func load() throws(TokenFileError) -> [TokenEntry] {
        guard let data = try? Data(contentsOf: URL(filePath: path)) else {
            throw TokenFileError("the token file \(path) cannot be read")
        }
        return try entries(in: Array(data))
    }

    /// Adds `entry`, and makes the file if it is not there; nobody but the file's owner can read it then.
    public func add(_ entry: TokenEntry) throws(TokenFileError) {
        let entries = access(path, F_OK) == 0 ? try load() : []
        let lines = (entries + [entry]).map { "  " + String(decoding: $0.jsonBytes, as: UTF8.self) }
        try replace(with: "[\n" + lines.joined(separator: ",\n") + "\n]\n")
    }

    private func entries(in bytes: [UInt8]) throws(TokenFileError) -> [TokenEntry] {
        let root = JSONPlace.root()
        let entries: [TokenEntry]?
        do throws(JSONError) {
            entries = JSONRule.array(of: .tokenEntry, countMax: 100_000).read(try JSONValue(jsonBytes: bytes), root)
        } catch {
            throw TokenFileError("the token file \(path) is not as it should be: \(error)")
        }
        if let flaw = root.flaws.first, case .body(let pointer) = flaw.place {
            throw TokenFileError("the token file \(path) is not as it should be: '\(pointer)' \(flaw.detail)")
        }
        for entry in entries ?? [] where entry.principal.roles.contains(.customer) && entry.principal.customerID == nil
        {
            throw TokenFileError("the token file \(path) has a customer without a customerId: \(entry.principal.actor)")
        }
        return entries ?? []
    }

    /// Writes beside the file and renames, so that a reader finds the old file or the new one.
    private func replace(with text: String) throws(TokenFileError) {
        let draft = "\(path).\(getpid()).new"
        let bytes = Array(text.utf8)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw TokenFileError("the token file \(path) cannot be written") }
        let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        guard count == bytes.count, fsync(descriptor) == 0, close(descriptor) == 0, rename(draft, path) == 0 else {
            unlink(draft)
            throw TokenFileError("the token file \(path) cannot be written")
        }
    }
}

/// Why a token file cannot be used: one sentence.
public struct TokenFileError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
