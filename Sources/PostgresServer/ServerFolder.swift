internal import Glibc

/// Where everything of a server is, and who may touch it.
///
/// In the folder that the caller names: `postgres.lock`, held by the program that runs the server; `postgres.users`,
/// shared by all that use it; `postgres/`, which belongs to the server's user alone, with `data/`, `log/` and the
/// socket; and `postgres.location` in place of `postgres/` when that had to go elsewhere.
struct ServerFolder: Sendable {
    /// The folder that the caller named.
    let folder: String
    /// What belongs to the server.
    let home: String
    let user: ServerUser
    /// Something that the caller's user should know.
    var notice: String?
    /// What this run has created, to be removed again if it fails.
    var created: [String] = []

    static let port = 5432

    var data: String { home + "/data" }
    var log: String { home + "/log" }
    var startLog: String { log + "/start.log" }
    var versionFile: String { data + "/PG_VERSION" }

    /// The major version that wrote the data; `nil`: there is no data yet.
    var dataVersion: Int? { Files.read(versionFile).flatMap { Int($0.prefix(while: \.isNumber)) } }

    static func lockFile(in folder: String) -> String { folder + "/postgres.lock" }
    static func usersFile(in folder: String) -> String { folder + "/postgres.users" }
    private static func locationFile(in folder: String) -> String { folder + "/postgres.location" }

    /// Where the server's home is, or would be if nothing was in the way.
    static func home(in folder: String) -> String {
        guard let location = Files.read(locationFile(in: folder)) else { return folder + "/postgres" }
        return String(location.prefix { $0 != "\n" })
    }

    /// Whether there is a server's data in `folder`, as far as this program's user can see.
    static func mayHaveData(_ folder: String) -> Bool {
        let home = home(in: folder)
        return Files.exists(home + "/data/PG_VERSION") || Files.exists(home) && access(home, R_OK | X_OK) != 0
    }

    /// Finds the home, or makes it. The caller holds the folder's lock.
    static func prepare(
        _ folder: String, fallback: String
    ) async throws(PostgresServerError) -> ServerFolder {
        let home = home(in: folder)
        let user = try ServerUser.choose(forDataOf: home)
        var place = ServerFolder(folder: folder, home: home, user: user)
        do {
            if try Files.makeFolder(home, mode: 0o700) { place.created.append(home) }
            if await place.giveToUser() { return place }
        } catch {
            throw .unusable(home, error)
        }
        place.undo()
        guard !Files.exists(locationFile(in: folder)), !Files.exists(home) else {
            throw .foreign(place)
        }
        return try await elsewhere(folder, user: user, fallback: fallback)
    }

    /// A home outside the folder, for a server whose user cannot enter the folder, like root's own one.
    private static func elsewhere(
        _ folder: String, user: ServerUser, fallback: String
    ) async throws(PostgresServerError) -> ServerFolder {
        let home = unusedName(fallback + "/" + shortHash(folder))
        var place = ServerFolder(folder: folder, home: home, user: user)
        do throws(SystemFailure) {
            for parent in [Files.parent(of: fallback), fallback] where try Files.makeFolder(parent, mode: 0o755) {
                place.created.append(parent)
            }
            _ = try Files.makeFolder(home, mode: 0o700)
            place.created.append(home)
            guard await place.giveToUser() else { throw SystemFailure(EACCES) }
            try Files.write(home + "\n", to: locationFile(in: folder))
            place.created.append(locationFile(in: folder))
        } catch {
            place.undo()
            throw .unusable(fallback, error)
        }
        place.notice =
            "PostgreSQL runs as the user \"\(user.name)\", who cannot enter \(folder), so its data is in \(place.data) "
            + "(\(folder)/postgres.location says so)."
        return place
    }

    /// - Returns: Whether the server's user can work in the home.
    private func giveToUser() async -> Bool {
        guard let status = Files.status(home, followingLinks: false), status.isFolder else { return false }
        if status.owner != user.id {
            guard lchown(home, user.id, user.group) == 0 else { return false }
        }
        if !status.isPrivate { chmod(home, 0o700) }
        guard user.isOther else { return access(home, R_OK | W_OK | X_OK) == 0 }
        // Only the system knows: parents, access lists and mounts all have a say.
        let test = try? await Command.run(["test", "-w", home + "/."], as: user)
        return test?.isSuccess ?? false
    }

    /// Removes what this run has created.
    func undo() {
        for path in created.reversed() {
            if path == home || !(Files.status(path)?.isFolder ?? false) {
                Files.removeTree(path)
            } else {
                rmdir(path)
            }
        }
    }

    private static func unusedName(_ name: String) -> String {
        guard Files.exists(name) else { return name }
        for number in 2... where !Files.exists("\(name)-\(number)") { return "\(name)-\(number)" }
        return name
    }
}

/// 16 hexadecimal digits that tell paths apart (FNV-1a).
func shortHash(_ text: String) -> String {
    let hash = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}

extension PostgresServerError {
    /// For a home that the server's user has no access to.
    static func foreign(_ place: ServerFolder) -> PostgresServerError {
        let owner = Files.status(place.home).map { ServerUser.name(of: $0.owner) } ?? "another user"
        return PostgresServerError(
            .folderUnusable,
            "\(place.home) belongs to \(owner) and cannot be used by \(place.user.name): run this as the user who ran it "
                + "before, or choose another folder.")
    }

    static func unusable(_ path: String, _ failure: SystemFailure) -> PostgresServerError {
        let wayOut =
            switch failure.number {
            case ENOSPC, EDQUOT: "make room on that disk, or choose another folder"
            case ENOTDIR: "a file is in the way; move it, or choose another folder"
            case EACCES, EPERM: "make it yours with `sudo chown -R \"$USER\" \(path)`, or choose another folder"
            default: "choose another folder"
            }
        return PostgresServerError(.folderUnusable, "\(path) cannot be used (\(failure)): \(wayOut).")
    }
}
