import EventSourcing
import PostgresClient
import Runtime
import Testing

/// The coins of each purse, in a table that has the name of a keyword of SQL.
private struct OrderRow: Projection {
    static let name: ProjectionName = "order"
    static let version = 1

    var count = 0

    mutating func apply(_ event: Recorded<Coin>) { count += 1 }
}

@Suite struct `A read model that is named like a keyword` {
    private let model = KeyedReadModel(OrderRow.self)

    @Test func `is made, folded, rebuilt and checked like any other`() async throws {
        try await Deployment().withProcess { process in
            try await process.append(10, purses: 1)
            try await running([process.projector([model])]) {
                try await process.waitForHead(model)
                try await process.append(10, purses: 1)
                try await process.waitForHead(model)
            }
            #expect(try await counts(process) == ["0": "20"])
            #expect(try await process.rebuild(model).check { _ in } == [])
            _ = try await process.rebuild(model).run { _ in }
            #expect(try await counts(process) == ["0": "20"])
        }
    }

    private func counts(_ process: Process) async throws -> [String: String] {
        try await process.pool.run { session in
            let rows = try session.execute("SELECT key, document->>'count' FROM read_models.\"order\"")
            return (0..<rows.rowCount).reduce(into: [:]) { counts, row in
                counts[rows.text(row, 0)] = rows.text(row, 1)
            }
        }
    }
}
