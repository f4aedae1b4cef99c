internal import PostgresClient

extension Facts {
    /// The programs that were measured; Strata's commit where it is measured in its repository.
    static func versions(_ database: BenchDatabase) async throws -> Facts {
        let postgres = try await database.run { session in try session.execute("SELECT version()").text(0, 0) }
        return Facts(
            title: "Versions",
            entries: [
                ("PostgreSQL", postgres),
                ("pgbench", (try? await Tool.run(["pgbench", "--version"]).trimmed) ?? "unknown"),
                ("Swift", await swift()),
                ("Strata", await commit()),
                ("build", isDebug ? "debug: figures say nothing" : "release"),
            ])
    }

    private static func swift() async -> String {
        let answer = try? await Tool.run(["swift", "--version"])
        return answer?.split(separator: "\n").first { $0.contains("Swift version") }.map(String.init) ?? "unknown"
    }

    private static func commit() async -> String {
        guard let commit = try? await Tool.run(["git", "rev-parse", "--short=12", "HEAD"]).trimmed else {
            return "unknown commit"
        }
        let changes = (try? await Tool.run(["git", "status", "--porcelain", "--untracked-files=no"]).trimmed) ?? ""
        return commit + (changes.isEmpty ? "" : ", with changes that are not committed")
    }

    private static var isDebug: Bool {
        #if DEBUG
            true
        #else
            false
        #endif
    }
}
