internal import Foundation

/// Single-row inserts by `pgbench`: what PostgreSQL does with one row and one commit at a time.
struct Pgbench: Sendable {
    let database: BenchDatabase
    let window: Duration

    /// Ids in the order of time, as Strata's are: random ones would cost the indexes more.
    private static let script = """
        INSERT INTO raw.events (
            log, schema_version, content_type, position, revision, recorded_at, event_id, correlation_id, causation_id,
            stream, type, metadata, payload
        )
        SELECT 1, 1, 0, n, 0, now(), lpad(to_hex(n), 32, '0')::uuid, lpad(to_hex(n), 32, '0')::uuid,
            lpad(to_hex(n), 32, '0')::uuid, 'bench-' || lpad(to_hex(n), 36, '0'), 'Measured', '{"actor":"bench"}',
            '\(String(decoding: StrataWriter.payload, as: UTF8.self))'
        FROM nextval('raw.position') AS n;
        """

    struct Outcome {
        let insertsPerSecond: Double
        /// How long each insert took, in nanoseconds; only where there is one client, since writing them down costs.
        let latencies: [UInt64]
    }

    func singleInserts(clients: Int) async throws -> Outcome {
        let folder = NSTemporaryDirectory() + "strata-pgbench-\(UUID())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Self.script.write(toFile: folder + "/insert.sql", atomically: true, encoding: .utf8)
        let output = try await Tool.run(
            [
                "pgbench", "-n", "-M", "prepared", "-f", "insert.sql", "-c", "\(clients)", "-j", "\(min(2, clients))",
                "-T", "\(Int(window.seconds.rounded(.up)))",
            ] + (clients == 1 ? ["-l"] : []) + [database.connectionString], in: folder)
        guard let line = output.split(separator: "\n").first(where: { $0.hasPrefix("tps = ") }),
            let rate = line.dropFirst(6).split(separator: " ").first.flatMap({ Double($0) })
        else { throw ToolFailure(tool: "pgbench", output: output) }
        return Outcome(insertsPerSecond: rate, latencies: try Self.latencies(in: folder))
    }

    /// The third field of each line of pgbench's log is the transaction's time in microseconds.
    private static func latencies(in folder: String) throws -> [UInt64] {
        let logs = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("pgbench_log") }
        return try logs.flatMap { log in
            try String(contentsOfFile: folder + "/" + log, encoding: .utf8).split(separator: "\n").compactMap { line in
                let fields = line.split(separator: " ")
                return fields.count > 2 ? UInt64(fields[2]).map { $0 * 1_000 } : nil
            }
        }
    }
}
