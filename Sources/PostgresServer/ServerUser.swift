internal import Glibc

/// The system user that PostgreSQL runs as. It refuses to run as root.
struct ServerUser: Sendable, Equatable {
    let id: uid_t
    let group: gid_t
    let name: String

    /// Whether this is not the user that the program runs as.
    var isOther: Bool { id != geteuid() }

    /// What a command begins with to run as this user.
    var commandPrefix: [String] {
        isOther ? ["setpriv", "--reuid=\(id)", "--regid=\(group)", "--clear-groups", "--"] : []
    }

    /// The program's own user; for root, whoever owns the data already, or else `postgres`.
    static func choose(forDataOf home: String) throws(PostgresServerError) -> ServerUser {
        let own = geteuid()
        if own != 0 { return ServerUser(id: own, group: getegid(), name: name(of: own)) }
        if let status = Files.status(home), status.owner != 0 {
            return ServerUser(id: status.owner, group: status.group, name: name(of: status.owner))
        }
        if let postgres = named("postgres") { return postgres }
        throw PostgresServerError(
            .noUnprivilegedUser,
            "PostgreSQL does not run as root and there is no user \"postgres\" that it could run as: "
                + "install it with `apt-get install postgresql`, or run this as an ordinary user.")
    }

    static func name(of id: uid_t) -> String {
        withPasswordEntry { entry, buffer, count, result in getpwuid_r(id, entry, buffer, count, result) }?.name
            ?? "user \(id)"
    }

    private static func named(_ name: String) -> ServerUser? {
        withPasswordEntry { entry, buffer, count, result in getpwnam_r(name, entry, buffer, count, result) }
    }

    private typealias Lookup = (
        UnsafeMutablePointer<passwd>, UnsafeMutablePointer<CChar>, Int,
        UnsafeMutablePointer<UnsafeMutablePointer<passwd>?>
    ) -> CInt

    private static func withPasswordEntry(_ look: Lookup) -> ServerUser? {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16_384)
        return buffer.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress, look(&entry, base, buffer.count, &found) == 0, let found else {
                return nil
            }
            return ServerUser(
                id: found.pointee.pw_uid, group: found.pointee.pw_gid, name: String(cString: found.pointee.pw_name))
        }
    }
}
