import Glibc
import NIOConcurrencyHelpers
import PostgresClient
import PostgresServer
import Support
import Testing

@Suite(.timeLimit(.minutes(2))) struct `A connection that is lost` {
    @Test func `while it is idle is replaced before anybody notices`() async throws {
        try await withPool(.init(connectionsMax: 1)) { pool in
            let first = try await pool.number("SELECT pg_backend_pid()::bigint")
            try await withConnection { other in
                try await other.run { try $0.executeScript("SELECT pg_terminate_backend(\(first))") }
                try await eventually("the server has said goodbye") {
                    try await other.run { session in
                        try session.number("SELECT count(*) FROM pg_stat_activity WHERE pid = \(first)")
                    } == 0
                }
            }
            let second = try await pool.number("SELECT pg_backend_pid()::bigint")
            #expect(second != first)
        }
    }

    @Test func `under a read has the read done once more`() async throws {
        try await withPool(.init(connectionsMax: 1)) { pool in
            let tries = NIOLockedValueBox(0)
            let answer = try await pool.read { session in
                tries.withLockedValue { $0 += 1 }
                if tries.withLockedValue({ $0 }) == 1 {
                    try session.executeScript("SELECT pg_terminate_backend(pg_backend_pid())")
                }
                return try session.number("SELECT 7::bigint")
            }
            #expect(answer == 7)
            #expect(tries.withLockedValue { $0 } == 2)
        }
    }

    @Test func `under a write is reported, and nothing is done twice`() async throws {
        try await withPool(.init(connectionsMax: 1)) { pool in
            let tries = NIOLockedValueBox(0)
            await expect(.connectionLost) {
                try await pool.run { session in
                    tries.withLockedValue { $0 += 1 }
                    try session.executeScript("SELECT pg_terminate_backend(pg_backend_pid())")
                }
            }
            #expect(tries.withLockedValue { $0 } == 1)
        }
    }

    /// The process that serves the connection is stopped: its sockets are open, and nothing comes.
    @Test func `to a server that has stalled is given up`() async throws {
        try await withConnection({ $0.answerTimeout = .seconds(3) }) { connection in
            let server = pid_t(try await connection.run { try $0.number("SELECT pg_backend_pid()::bigint") })
            #expect(kill(server, SIGSTOP) == 0)
            defer { kill(server, SIGCONT) }
            await expect(.connectionLost) { _ = try await connection.run { try $0.number("SELECT 1::bigint") } }
            await expect(.connectionLost) { _ = try await connection.run { try $0.number("SELECT 1::bigint") } }
        }
    }

    /// More than a socket takes: sending waits for the server as well.
    @Test(arguments: ["statement", "script", "copy in"])
    func `that takes no more is given up`(_ what: String) async throws {
        try await withConnection({ $0.answerTimeout = .seconds(3) }) { connection in
            let server = pid_t(try await connection.run { try $0.number("SELECT pg_backend_pid()::bigint") })
            try await connection.run { try $0.executeScript("CREATE TABLE t (line text)") }
            defer { kill(server, SIGCONT) }
            let text = String(repeating: "x", count: 16 << 20)
            await expect(.connectionLost) {
                try await connection.run { session in
                    guard what == "copy in" else {
                        kill(server, SIGSTOP)
                        if what == "script" { return try session.executeScript("SELECT length('\(text)')") }
                        _ = try session.execute("SELECT length($1)", [.text(text)])
                        return
                    }
                    try session.copyIn("COPY t FROM STDIN") { send in
                        kill(server, SIGSTOP)
                        try Array(text.utf8).withUnsafeBytes(send)
                    }
                }
            }
        }
    }

    @Test(arguments: ["pipeline", "copy out"])
    func `in the middle of something longer is given up, too`(_ what: String) async throws {
        try await withConnection({ $0.answerTimeout = .seconds(3) }) { connection in
            let server = pid_t(try await connection.run { try $0.number("SELECT pg_backend_pid()::bigint") })
            defer { kill(server, SIGCONT) }
            await expect(.connectionLost) {
                try await connection.run { session in
                    if what == "pipeline" {
                        try session.pipeline { pipeline in
                            kill(server, SIGSTOP)
                            try pipeline.send("SELECT 1")
                            try pipeline.flush()
                            _ = try pipeline.receive()
                        }
                    } else {
                        var rows = 0
                        try session.copyOut("COPY (SELECT repeat('x', 1000) FROM generate_series(1, 100000)) TO STDOUT")
                        {
                            _ in
                            if rows == 0 { kill(server, SIGSTOP) }
                            rows += 1
                        }
                    }
                }
            }
        }
    }

    @Test func `does not count as lost while the server is at work on a statement that it may still take its time for`()
        async throws
    {
        try await withConnection({ $0.answerTimeout = .seconds(60) }) { connection in
            await expect(.server, .queryCanceled) {
                try await connection.run { session in
                    // Within a transaction: the time is too short for setting a connection up, and for what follows.
                    try session.transaction { session in
                        try session.executeScript("SET LOCAL statement_timeout = 200")
                        try session.executeScript("SELECT pg_sleep(60)")
                    }
                }
            }
            let answer = try await connection.run { try $0.number("SELECT 1::bigint") }
            #expect(answer == 1)
        }
    }

    @Test func `by a client that stalls in the middle of a transaction gives its locks back`() async throws {
        try await withConnection { other in
            let database = try await other.run { session in
                try session.executeScript("CREATE TABLE head (n bigint); INSERT INTO head VALUES (1)")
                return try session.text("SELECT current_database()::text")[0]
            }
            var configuration = ConnectionConfiguration(
                connectionString: try await TemporaryPostgres.server().connectionString(database: database))
            configuration.statementTimeout = .seconds(2)
            let stalling = try await PostgresConnection.connect(configuration)
            let gate = Gate()
            let stalled = Task {
                try await stalling.run { session in
                    try session.pipeline { pipeline in
                        try pipeline.send("SELECT n FROM head FOR UPDATE")
                        try pipeline.flush()
                        _ = try pipeline.receive()
                        gate.wait()
                        try pipeline.send("UPDATE head SET n = 2")
                    }
                }
            }
            await gate.entered()
            let number = try await other.run { try $0.number("SELECT n FROM head FOR UPDATE") }
            gate.open()
            await expect(.connectionLost) { try await stalled.value }
            #expect(number == 1)
            let kept = try await other.run { try $0.number("SELECT n FROM head") }
            #expect(kept == 1)
            await stalling.close()
        }
    }
}
