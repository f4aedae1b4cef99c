internal import Foundation
internal import PostgresClient

/// How long the processors have worked for this process and for the server, in seconds (proc(5), `/proc/PID/stat`).
struct ProcessorTime: Sendable {
    var store: Double
    var server: Double

    static func - (left: ProcessorTime, right: ProcessorTime) -> ProcessorTime {
        ProcessorTime(store: left.store - right.store, server: left.server - right.server)
    }

    /// What `window` takes of it. Server processes that end within the window are not counted.
    static func spent(within window: Window, _ database: BenchDatabase) async throws -> ProcessorTime {
        let connection = try await PostgresConnection.connect(database.plainConnection)
        try await window.waitForStart()
        let before = try await now(connection)
        try await window.waitForEnd()
        let after = try await now(connection)
        await connection.close()
        return after - before
    }

    private static func now(_ connection: PostgresConnection) async throws -> ProcessorTime {
        let server = try await connection.run { session in
            let rows = try session.execute("SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
            return try (0..<rows.rowCount).map { try rows.int32($0, 0) }
        }
        return ProcessorTime(
            store: seconds(of: "self"), server: server.reduce(0) { $0 + seconds(of: String($1)) })
    }

    /// 0 for a process that has gone.
    private static func seconds(of process: String) -> Double {
        let line = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
        return Double(ticks(in: line)) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Fields 14 and 15, the time in user and in kernel mode; the second field, a name that may hold anything, ends with the
    /// last `)`.
    static func ticks(in line: String) -> Int {
        guard let end = line.lastIndex(of: ")") else { return 0 }
        let fields = line[end...].split(separator: " ")
        guard fields.count > 13, let user = Int(fields[12]), let kernel = Int(fields[13]) else { return 0 }
        return user + kernel
    }
}
