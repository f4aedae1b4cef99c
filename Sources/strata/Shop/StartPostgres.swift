internal import PostgresServer
internal import UnixSignals

/// Starts the private PostgreSQL in `folder`. A signal to stop meanwhile undoes what was begun.
func startPostgres(in folder: String) async throws -> PostgresServer {
    let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
    let server = try await withThrowingTaskGroup(of: PostgresServer?.self) { group in
        group.addTask { try await PostgresServer.start(folder: folder) }
        group.addTask {
            for await _ in signals { break }
            return nil
        }
        defer { group.cancelAll() }
        // Whichever is first: when it is the signal, leaving the group cancels the start and waits until it is undone.
        guard let server = try await group.next() ?? nil else { throw StoppedWhileStarting() }
        return server
    }
    if let notice = server.notice { note(notice) }
    return server
}

/// The process was asked to stop before anything ran.
struct StoppedWhileStarting: Error, CustomStringConvertible {
    var description: String { "Stopped before PostgreSQL had started. Nothing runs." }
}
