internal import Glibc

/// The folder of the server's socket: its home, or a private folder under `/tmp` when the home's path does not suit
/// one. Reaching the socket is all it takes to log in, so nobody else may enter it.
enum SocketFolder {
    /// Room for a path in `sockaddr_un`, with its final null.
    static let pathBytesMax = 107

    static func path(forHome home: String) -> String {
        // libpq takes a comma for the end of a host.
        let hasComma = home.contains(",")
        let socket = "\(home)/.s.PGSQL.\(ServerFolder.port)"
        return !hasComma && socket.utf8.count <= pathBytesMax ? home : "/tmp/strata-" + shortHash(home)
    }

    /// Makes it, and refuses one that somebody else has put there.
    static func prepare(_ path: String, for user: ServerUser) throws(PostgresServerError) {
        do throws(SystemFailure) {
            if try Files.makeFolder(path, mode: 0o700), user.isOther {
                guard lchown(path, user.id, user.group) == 0 else { throw SystemFailure() }
            }
        } catch {
            throw .unusable(path, error)
        }
        guard let status = Files.status(path, followingLinks: false), status.isFolder, status.owner == user.id,
            status.isPrivate
        else {
            throw PostgresServerError(
                .folderUnusable,
                "\(path) is where PostgreSQL's socket goes, but others can reach it: remove it, or choose a shorter folder."
            )
        }
    }

    /// Removes one that is not the home.
    static func remove(_ path: String, home: String) {
        if path != home { rmdir(path) }
    }
}
