import Foundation
import Support
import Testing

/// Commands on a private PostgreSQL, and what ends them.
@Suite struct StoppingTests {
    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func `a signal ends a command that runs on, and the PostgreSQL that it has started`(signal: Int32) async throws {
        try await withDatabase { folder in
            try await importEvent(folder)
            let tail = try StrataProcess(["events", "tail", "--after", "0"], folder: folder)
            try await tail.waitForOutput("Happened")
            #expect(try await tail.signal(signal) == 128 + signal)
            #expect(!hasServer(folder))
        }
    }

    @Test func `a command that is cut short says by which signal`() async throws {
        try await withDatabase { folder in
            let pipe = folder.path + "/pipe"
            try #require(mkfifo(pipe, 0o600) == 0)
            let stuck = try StrataProcess(["events", "import", "pipe"], folder: folder)
            // Opened for writing once somebody reads from it, and never written to.
            var descriptor: Int32 = -1
            try await eventually {
                descriptor = open(pipe, O_WRONLY | O_NONBLOCK)
                return descriptor >= 0
            }
            #expect(try await stuck.signal(SIGTERM) == 128 + SIGTERM, "\(stuck.printed)")
            close(descriptor)
            #expect(!hasServer(folder))
        }
    }

    @Test func `the last command that uses a private PostgreSQL stops it`() async throws {
        try await withDatabase { folder in
            let first = try StrataProcess(["events", "tail"], folder: folder)
            try await eventually { hasServer(folder) }
            let second = try StrataProcess(
                ["serve", "queries", "--query-port", "0", "--log-level", "info"], folder: folder)
            try await second.waitForOutput("Server started and listening")
            try await first.stop()
            #expect(hasServer(folder))
            #expect(try await run("projections", in: folder).status == 0)
            #expect(hasServer(folder))
            #expect(try await second.stop() == 0)
            #expect(!hasServer(folder))
        }
    }

    @Test func `output that nobody reads ends a command without a word, and what cannot be written is an error`()
        async throws
    {
        try await withDatabase { folder in
            let read = "cd \(folder.path) && \(StrataProcess.executable.path) events read"
            let closed = try await StrataProcess.shell("{ sleep 0.1; \(read); echo $? >&2; } | true")
            #expect(closed.errors == "\(128 + SIGPIPE)\n")
            let full = try await StrataProcess.shell("\(read) > /dev/full")
            #expect(full.status == 1 && full.errors.contains("No space left on device"), "\(full.errors)")
            #expect(!hasServer(folder))
        }
    }

    @Test func `an export that fails leaves no half of a file, and one that is there stays`() async throws {
        try await withDatabase { folder in
            let file = folder.path + "/events.ndjson"
            let failed = try await run("events", "export", file, "--log", "nowhere", in: folder)
            #expect(failed.status == 1 && failed.errors.contains("Nothing was changed."), "\(failed.errors)")
            #expect(try files(in: folder).isEmpty)
            #expect(try await run("events", "export", file, in: folder).status == 0)
            #expect(try files(in: folder) == ["events.ndjson"])
            #expect(try await run("events", "export", file, in: folder).status == 64)
            #expect(try files(in: folder) == ["events.ndjson"])
        }
    }

    @Test func `an export that is cut short leaves no file that looks whole`() async throws {
        try await withDatabase { folder in
            try await importEvent(folder)
            let tail = try StrataProcess(["events", "tail", "--after", "0"], folder: folder)
            try await tail.waitForOutput("Happened")
            let psql = "psql -qtAX -h \(folder.path)/.strata/postgres -U postgres -d strata -c"
            func count(_ locks: String) async throws -> String {
                let sql = """
                    SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)
                    WHERE relation = 'strata.events'::regclass AND \(locks)
                    """
                return try await StrataProcess.shell("\(psql) \"\(sql)\"").output
            }
            async let lock = StrataProcess.shell(
                "\(psql) \"BEGIN; LOCK TABLE strata.events; SELECT 'holder', pg_sleep(60)\"")
            try await eventually { try await count("mode = 'AccessExclusiveLock' AND granted") == "1\n" }
            // By its name, for the tail looks for events from time to time, and then waits as well.
            let export = try StrataProcess(
                ["events", "export", "events.ndjson"], folder: folder, environment: ["PGAPPNAME": "export"])
            try await eventually { try await count("application_name = 'export' AND NOT granted") == "1\n" }
            #expect(try await export.signal(SIGINT) == 128 + SIGINT, "\(export.printed)")
            #expect(try files(in: folder).isEmpty)

            let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%holder%pg_sleep%'"
            _ = try await StrataProcess.shell("\(psql) \"\(end) AND pid <> pg_backend_pid()\"")
            _ = try await lock
            try await tail.stop()
        }
    }

    @Test func `a command that only looks makes no database`() async throws {
        try await withTemporaryFolder { folder in
            let exit = try await run("projections", in: folder)
            #expect(exit.status == 1 && exit.errors.contains("Nothing was changed."), "\(exit.errors)")
            #expect(!FileManager.default.fileExists(atPath: folder.path + "/.strata"))
        }
    }

    private func withDatabase(_ body: (URL) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let migrated = try await run("migrate", in: folder)
            try #require(migrated.status == 0, "\(migrated.errors)")
            try await body(folder)
        }
    }

    private func importEvent(_ folder: URL) async throws {
        let line = """
            {"stream":"test-1","type":"Happened","eventId":"\(UUID())","correlationId":"\(UUID())","payload":1}
            """
        let file = folder.path + "/lines"
        try line.write(toFile: file, atomically: true, encoding: .utf8)
        let imported = try await run("events", "import", file, in: folder)
        try #require(imported.status == 0, "\(imported.errors)")
    }

    private func run(_ arguments: String..., in folder: URL) async throws -> StrataProcess.Exit {
        try await StrataProcess.run(arguments: arguments + ["--folder", folder.path + "/.strata"])
    }

    private func hasServer(_ folder: URL) -> Bool {
        FileManager.default.fileExists(atPath: folder.path + "/.strata/postgres/data/postmaster.pid")
    }

    private func files(in folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasPrefix("events") }
    }
}
