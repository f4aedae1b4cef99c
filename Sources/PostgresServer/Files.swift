internal import FoundationEssentials
internal import Glibc

/// The few things done to files, with the system's own errors.
enum Files {
    /// What `stat` says of a file.
    struct Status {
        let owner: uid_t
        let group: gid_t
        let mode: mode_t
        let size: Int
        /// Device and inode: what a file is, whatever it is called.
        let identity: [UInt64]

        var isFolder: Bool { mode & S_IFMT == S_IFDIR }
        var isPrivate: Bool { mode & 0o077 == 0 }
    }

    static func status(_ path: String, followingLinks: Bool = true) -> Status? {
        var info = Glibc.stat()
        guard (followingLinks ? stat(path, &info) : lstat(path, &info)) == 0 else { return nil }
        return Status(
            owner: info.st_uid, group: info.st_gid, mode: info.st_mode, size: Int(info.st_size),
            identity: [UInt64(info.st_dev), UInt64(info.st_ino)])
    }

    static func exists(_ path: String) -> Bool { status(path, followingLinks: false) != nil }

    static func isExecutable(_ path: String) -> Bool { access(path, X_OK) == 0 }

    /// Creates a folder; its mode does not depend on the caller's umask.
    ///
    /// - Returns: Whether it was not there before.
    static func makeFolder(_ path: String, mode: mode_t) throws(SystemFailure) -> Bool {
        if mkdir(path, mode) == 0 {
            chmod(path, mode)
            return true
        }
        let failure = SystemFailure()
        guard failure.number == EEXIST, status(path)?.isFolder == true else {
            throw failure.number == EEXIST ? SystemFailure(ENOTDIR) : failure
        }
        return false
    }

    static func read(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }

    static func names(in folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }

    /// Replaces a file as a whole. A link in its place is replaced and not followed, since the folder may belong to a
    /// user with fewer rights than this one.
    static func write(_ text: String, to path: String, owner: ServerUser? = nil) throws(SystemFailure) {
        let new = path + ".new"
        unlink(new)
        let descriptor = open(new, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw SystemFailure() }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count, rename(new, path) == 0 else {
            let failure = SystemFailure()
            unlink(new)
            throw failure
        }
        if let owner, owner.isOther { fchown(descriptor, owner.id, owner.group) }
    }

    static func removeTree(_ path: String) {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// - Returns: `nil` when there is no link.
    static func target(ofLink path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 4_096)
        let count = readlink(path, &buffer, buffer.count)
        guard count > 0 else { return nil }
        return String(decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// The path without links and relative parts.
    static func canonical(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }

    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }
}

/// A failed system call.
struct SystemFailure: Error, CustomStringConvertible {
    let number: CInt

    /// What `errno` says now.
    init() { number = errno }
    init(_ number: CInt) { self.number = number }

    var description: String { String(cString: strerror(number)).lowercased() }
}
