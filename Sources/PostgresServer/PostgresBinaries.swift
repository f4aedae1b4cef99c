internal import FoundationEssentials

/// An installed PostgreSQL.
struct PostgresBinaries: Sendable {
    let folder: String
    let majorVersion: Int

    var initdb: String { folder + "/initdb" }
    var postgres: String { folder + "/postgres" }

    /// The newest one, or the one that wrote the data.
    ///
    /// - Parameter dataVersion: The major version of data that exists.
    static func find(
        in folder: String?, dataVersion: (major: Int, home: String)?
    ) async throws(PostgresServerError) -> PostgresBinaries {
        var installed: [Int] = []
        let candidates = if let folder { [folder] } else { await candidates() }
        for candidate in candidates {
            guard let binaries = await look(in: candidate) else { continue }
            guard let dataVersion, dataVersion.major != binaries.majorVersion else { return binaries }
            installed.append(binaries.majorVersion)
        }
        guard let dataVersion, let newest = installed.max() else { throw notInstalled }
        throw PostgresServerError(
            .wrongVersion,
            "The data in \(dataVersion.home) was written by PostgreSQL \(dataVersion.major) and PostgreSQL \(newest) is "
                + "installed: install the other one with `apt-get install postgresql-\(dataVersion.major)`, "
                + "or move that folder away to begin with an empty database.")
    }

    private static func look(in folder: String) async -> PostgresBinaries? {
        guard Files.isExecutable(folder + "/initdb"), Files.isExecutable(folder + "/postgres"),
            let answer = try? await Command.run([folder + "/postgres", "--version"]), answer.isSuccess,
            let major = majorVersion(in: answer.output)
        else { return nil }
        return PostgresBinaries(folder: folder, majorVersion: major)
    }

    /// The 15 of "postgres (PostgreSQL) 15.20 (Debian 15.20-1)".
    static func majorVersion(in version: String) -> Int? {
        version.split(separator: " ").lazy.compactMap { Int($0.prefix(while: \.isNumber)) }.first
    }

    /// Whether write-ahead log can be compressed with LZ4.
    func hasLZ4() async -> Bool {
        guard majorVersion >= 15, let answer = try? await Command.run([folder + "/pg_config", "--configure"]) else {
            return false
        }
        return answer.isSuccess && answer.output.contains("--with-lz4")
    }

    private static func candidates() async -> [String] {
        let debian = "/usr/lib/postgresql"
        var folders = Files.names(in: debian).compactMap(Int.init).sorted(by: >).map { "\(debian)/\($0)/bin" }
        if let answer = try? await Command.run(["pg_config", "--bindir"]), answer.isSuccess {
            folders.append(String(answer.output.prefix { $0 != "\n" }))
        }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return folders + path.split(separator: ":").map(String.init)
    }

    private static var notInstalled: PostgresServerError {
        PostgresServerError(
            .notInstalled, "PostgreSQL was not found on this machine: install it with `apt-get install postgresql`.")
    }
}
