internal import EventCodec
internal import FoundationEssentials
internal import Glibc

/// A file of token entries: a JSON array of objects with `tokenHash`, `actor`, `roles` and, for customers,
/// `customerId`.
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
    ///
    /// A file that is there keeps its owner and its mode, and a link still leads to it. Several may add at once.
    public func add(_ entry: TokenEntry) throws(TokenFileError) {
        if let flaw = entry.flaw { throw TokenFileError("nothing was added to the token file \(path): \(flaw)") }
        let target = try target()
        let lock = try lockFolder(of: target)
        defer { close(lock) }
        let entries = access(target, F_OK) == 0 ? try load() : []
        let lines = (entries + [entry]).map { "  " + String(decoding: $0.jsonBytes, as: UTF8.self) }
        let bytes = Array(("[\n" + lines.joined(separator: ",\n") + "\n]\n").utf8)
        // A file that cannot be read locks everybody out.
        _ = try self.entries(in: bytes)
        try replace(target, with: bytes)
    }

    /// Where the file itself is: renaming would put a file in the place of a link.
    private func target() throws(TokenFileError) -> String {
        if let resolved = realpath(path, nil) {
            defer { free(resolved) }
            return String(cString: resolved)
        }
        var info = Glibc.stat()
        guard errno == ENOENT, lstat(path, &info) != 0 else {
            throw TokenFileError("the token file \(path) cannot be reached")
        }
        return path
    }

    /// Waits until nobody else adds to a file in the folder: the file itself is replaced.
    ///
    /// - Returns: A descriptor; closing it gives the lock back.
    private func lockFolder(of target: String) throws(TokenFileError) -> CInt {
        let folder = target.lastIndex(of: "/").map { String(target[...$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw TokenFileError("the folder of the token file \(path) cannot be read") }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else {
                close(descriptor)
                throw TokenFileError("the token file \(path) cannot be locked")
            }
        }
        return descriptor
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
    ///
    /// The folder may belong to a user with fewer rights than this one: what is there already is neither written to nor
    /// removed, and no link is followed.
    private func replace(_ target: String, with bytes: [UInt8]) throws(TokenFileError) {
        let draft = "\(target).\(String(UInt64.random(in: .min ... .max), radix: 16)).new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw TokenFileError("the token file \(path) cannot be written") }
        let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        let isWritten = count == bytes.count && keepsOwnerAndMode(of: target, descriptor) && fsync(descriptor) == 0
        guard close(descriptor) == 0, isWritten, rename(draft, target) == 0 else {
            unlink(draft)
            throw TokenFileError("the token file \(path) cannot be written")
        }
    }

    /// Whoever reads the file now, a service with a user of its own, say, can read it afterwards.
    private func keepsOwnerAndMode(of target: String, _ draft: CInt) -> Bool {
        var info = Glibc.stat()
        guard stat(target, &info) == 0 else { return errno == ENOENT }
        return fchown(draft, info.st_uid, info.st_gid) == 0 && fchmod(draft, info.st_mode & 0o7777) == 0
    }
}

/// Why a token file cannot be used: one sentence.
public struct TokenFileError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
