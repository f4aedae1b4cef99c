internal import Glibc

extension ServerLauncher {
    private static let unfinishedPrefix = "data.new-"

    /// Writes new data beside its final place and moves it there when it is complete.
    func initialise(_ binaries: PostgresBinaries) async throws(PostgresServerError) {
        removeUnfinished()
        // A name of its own: the initdb of a program that was killed may still write into its folder.
        let unfinished = "\(place.home)/\(Self.unfinishedPrefix)\(getpid())"
        let command =
            [
                binaries.initdb, "--pgdata=\(unfinished)", "--username=\(Self.administrator)", "--auth-local=trust",
                "--auth-host=reject", "--encoding=UTF8", "--locale=C.UTF-8", "--lc-collate=C", "--lc-messages=C",
            ] + (options.isDurable ? [] : ["--no-sync"])
        do {
            let outcome = try await Command.run(command, as: place.user, isInterruptible: true)
            guard outcome.isSuccess else { throw initialisationFailed(outcome.output) }
            guard rename(unfinished, place.data) == 0 else { throw SystemFailure() }
        } catch {
            removeUnfinished()
            if Task.isCancelled { throw .cancelled }
            throw (error as? PostgresServerError) ?? initialisationFailed("\(error)")
        }
    }

    private func removeUnfinished() {
        for name in Files.names(in: place.home) where name.hasPrefix(Self.unfinishedPrefix) {
            Files.removeTree("\(place.home)/\(name)")
        }
    }

    private func initialisationFailed(_ output: String) -> PostgresServerError {
        let message =
            output.contains("No space left on device")
            ? "There is no room for a database in \(place.home): make room on that disk, or choose another folder."
            : "PostgreSQL could not make a database in \(place.home): see what it says, or choose another folder."
        return PostgresServerError(.initialisationFailed, message, log: ServerLog.tail(of: output))
    }
}
