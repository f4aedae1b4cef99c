internal import PostgresClient

extension ServerLauncher {
    func connectionString(database: String) -> String {
        "host=\(quoted(socketFolder)) port=\(ServerFolder.port) user=\(Self.administrator) dbname=\(quoted(database))"
    }

    func answers(database: String) async -> Bool {
        guard let connection = try? await PostgresConnection.connect(configuration(database)) else { return false }
        await connection.close()
        return true
    }

    /// Runs one statement outside a transaction.
    func administer(_ sql: String) async throws(PostgresServerError) {
        do {
            try await PostgresConnection.with(configuration("postgres")) { connection in
                try await connection.run { session in try session.executeScript(sql) }
            }
        } catch {
            // A task that is cancelled takes its statement with it; nobody refused that.
            if Task.isCancelled { throw .cancelled }
            let detail = (error as? PostgresError)?.debugDescription ?? "\(error)"
            throw PostgresServerError(.statementFailed, "PostgreSQL in \(place.home) refused `\(sql)`.", log: detail)
        }
    }

    private func configuration(_ database: String) -> ConnectionConfiguration {
        ConnectionConfiguration(
            connectionString: connectionString(database: database), applicationName: "strata-server",
            statementTimeout: nil, lockTimeout: nil, connectTimeoutSeconds: 60)
    }

    /// As libpq wants values quoted (PostgreSQL manual, 34.1.1.1).
    private func quoted(_ value: String) -> String {
        "'" + value.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
    }
}
