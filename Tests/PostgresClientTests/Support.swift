import PostgresClient
import PostgresServer
import Testing

/// A connection to a database of a test's own.
@discardableResult
func withConnection<R: Sendable>(
    _ change: (inout ConnectionConfiguration) -> Void = { _ in }, _ body: (PostgresConnection) async throws -> R
) async throws -> R {
    var configuration = ConnectionConfiguration(connectionString: try await TemporaryPostgres.database())
    change(&configuration)
    return try await PostgresConnection.with(configuration, body)
}

/// A pool on a database of a test's own.
func withPool<R: Sendable>(_ limits: PostgresPool.Limits, _ body: (PostgresPool) async throws -> R) async throws -> R {
    let pool = PostgresPool(
        ConnectionConfiguration(connectionString: try await TemporaryPostgres.database()), limits: limits)
    let result = await Result { try await body(pool) }
    await pool.close()
    return try result.get()
}

extension PostgresSession {
    func number(_ sql: String) throws -> Int64 { try execute(sql).int64(0, 0) }

    func text(_ sql: String) throws -> [String] {
        let rows = try execute(sql)
        return (0..<rows.rowCount).map { rows.text($0, 0) }
    }
}

extension PostgresPool {
    func number(_ sql: String) async throws -> Int64 { try await run { try $0.number(sql) } }
}

struct OnPurpose: Error, Equatable {}

/// Expects `body` to fail with a ``PostgresError`` of this kind.
@discardableResult
func expect(
    _ code: PostgresError.Code, _ state: SQLState? = nil, sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () async throws -> Void
) async -> PostgresError? {
    do {
        try await body()
        Issue.record("it did not fail", sourceLocation: sourceLocation)
    } catch let error as PostgresError {
        #expect(error.code == code, "\(error.debugDescription)", sourceLocation: sourceLocation)
        if let state { #expect(error.sqlState == state, sourceLocation: sourceLocation) }
        return error
    } catch {
        Issue.record("\(error) was thrown", sourceLocation: sourceLocation)
    }
    return nil
}
