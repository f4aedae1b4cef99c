internal import Glibc

extension ServerLauncher {
    /// Writes new data beside its final place and moves it there when it is complete.
    func initialise(_ binaries: PostgresBinaries) async throws(PostgresServerError) {
        let unfinished = place.data + ".new"
        Files.removeTree(unfinished)
        let command =
            [
                binaries.initdb, "--pgdata=\(unfinished)", "--username=\(Self.administrator)", "--auth-local=trust",
                "--auth-host=reject", "--encoding=UTF8", "--locale=C.UTF-8", "--lc-collate=C", "--lc-messages=C",
            ] + (options.isDurable ? [] : ["--no-sync"])
        do {
            let outcome = try await Command.run(command, as: place.user)
            guard outcome.isSuccess else { throw initialisationFailed(outcome.output) }
            guard rename(unfinished, place.data) == 0 else { throw SystemFailure() }
        } catch {
            Files.removeTree(unfinished)
            throw (error as? PostgresServerError) ?? initialisationFailed("\(error)")
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
