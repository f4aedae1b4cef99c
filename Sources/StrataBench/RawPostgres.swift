internal import Foundation
internal import PostgresServer

/// What PostgreSQL does without Strata, by its own tools: `pgbench` and `psql`.
struct RawPostgres {
    let server: PostgresServer
    let seconds: Int

    /// A table with the columns and indexes of the log.
    func prepare() throws {
        _ = try run(
            "psql",
            [
                "-q", "-c",
                """
                CREATE SCHEMA raw;
                CREATE TABLE raw.events (LIKE strata.events INCLUDING ALL);
                CREATE SEQUENCE raw.position CACHE 1
                """,
            ])
    }

    /// One row, one commit, as often as so many clients can.
    func insertsPerSecond(clients: Int) throws -> Double {
        let script = NSTemporaryDirectory() + "strata-bench-\(getpid()).sql"
        defer { try? FileManager.default.removeItem(atPath: script) }
        let payload = String(decoding: AppendBench.payload, as: UTF8.self)
        try """
        INSERT INTO raw.events (
            log, schema_version, content_type, position, revision, recorded_at, event_id, correlation_id, causation_id,
            stream, type, metadata, payload
        ) VALUES (
            1, 1, 0, nextval('raw.position'), 0, now(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(),
            'bench-' || gen_random_uuid(), 'Measured', '{"actor":"bench"}', '\(payload)'
        );
        """.write(toFile: script, atomically: true, encoding: .utf8)
        let output = try run(
            "pgbench",
            [
                "-n", "-M", "prepared", "-f", script, "-c", String(clients), "-j", String(min(2, clients)), "-T",
                String(seconds),
            ])
        guard let line = output.split(separator: "\n").first(where: { $0.hasPrefix("tps = ") }),
            let tps = line.dropFirst(6).split(separator: " ").first.flatMap({ Double($0) })
        else { throw ToolFailure(tool: "pgbench", output: output) }
        return tps
    }

    func copyPerSecond(events: Int) throws -> Double {
        let began = ContinuousClock.now
        _ = try run(
            "psql",
            [
                "-q", "-o", "/dev/null", "-c",
                "COPY (SELECT * FROM strata.events) TO STDOUT (FORMAT binary)",
            ]
        )
        return Double(events) / began.duration(to: .now).seconds
    }

    func version() throws -> String {
        try run(
            "psql",
            [
                "-At", "-c",
                "SELECT version() || ', fsync ' || current_setting('fsync') || ', synchronous_commit ' || current_setting('synchronous_commit')",
            ]
        )
        .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func run(_ tool: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [tool] + arguments + [server.connectionString]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try withUnblockedSignals { try process.run() }
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw ToolFailure(tool: tool, output: output) }
        return output
    }
}

/// Runs `body` with no signal blocked. A child inherits what its parent's thread blocks, and those of the cooperative
/// pool block the alarm by which pgbench ends.
private func withUnblockedSignals(_ body: () throws -> Void) rethrows {
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_UNBLOCK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    try body()
}

struct ToolFailure: Error, CustomStringConvertible {
    let tool: String
    let output: String
    var description: String { "\(tool) failed: \(output.suffix(500))" }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
