internal import Foundation
internal import PostgresClient

/// How long the processors have worked for this process and for the server, in seconds (proc(5), `/proc/PID/stat`).
struct ProcessorTime: Sendable {
    let store: Double
    let server: Double

    /// What `window` takes of it. Server processes that end within the window are not counted.
    static func spent(within window: Window, _ database: BenchDatabase) async throws -> ProcessorTime {
        try await PostgresConnection.with(database.plainConnection) { connection in
            try await window.waitForStart()
            let (storeBefore, serverBefore) = (seconds(of: "self"), try await serverSeconds(connection))
            try await window.waitForEnd()
            let (storeAfter, serverAfter) = (seconds(of: "self"), try await serverSeconds(connection))
            return ProcessorTime(
                store: storeAfter - storeBefore,
                server: serverAfter.reduce(0) { $0 + $1.value - serverBefore[$1.key, default: 0] })
        }
    }

    /// Of each of the server's processes but this session's.
    private static func serverSeconds(_ connection: PostgresConnection) async throws -> [Int32: Double] {
        try await connection.run { session in
            let rows = try session.execute("SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
            return try (0..<rows.rowCount).reduce(into: [:]) { seconds, row in
                let process = try rows.int32(row, 0)
                seconds[process] = Self.seconds(of: String(process))
            }
        }
    }

    /// 0 for a process that has gone.
    private static func seconds(of process: String) -> Double {
        let line = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
        return Double(ticks(in: line)) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Fields 14 and 15, the time in user and in kernel mode; the second field, a name that may hold anything, ends
    /// with the last `)`.
    static func ticks(in line: String) -> Int {
        guard let end = line.lastIndex(of: ")") else { return 0 }
        let fields = line[end...].split(separator: " ")
        guard fields.count > 13, let user = Int(fields[12]), let kernel = Int(fields[13]) else { return 0 }
        return user + kernel
    }
}
