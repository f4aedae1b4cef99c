internal import Glibc
internal import PostgresClient
internal import Testing

@testable internal import PostgresServer

@Suite struct `The parts of a server` {
    @Test(arguments: [
        ("postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)\n", 15), ("postgres (PostgreSQL) 18beta2", 18),
        ("postgres (PostgreSQL) 9.6.24", 9),
    ]) func `version numbers are read`(_ text: String, _ major: Int) {
        #expect(PostgresBinaries.majorVersion(in: text) == major)
    }

    @Test func `postmaster files are read, and half-written ones are not`() throws {
        let file = try #require(
            PostmasterFile("4711\n/data\n1700000000\n5432\n/run/x\n\n  123 456\nready   \n"))
        #expect(file.processID == 4711 && file.port == 5432 && file.socketFolder == "/run/x")
        #expect(PostmasterFile("4711\n/data\n") == nil)
        #expect(PostmasterFile("") == nil)
        #expect(PostmasterFile("1\n/data\n1\n5432\n/run/x\n") == nil)
    }

    @Test(arguments: [(24_576, 256), (1_024, 128), (64, 16)]) func `shared buffers follow the memory`(
        _ memory: Int, _ buffers: Int
    ) {
        #expect(ServerSettings.sharedBuffersMiB(memoryMiB: memory) == buffers)
    }

    @Test func `socket folders fit into an address`() {
        #expect(SocketFolder.path(forHome: "/srv/strata/postgres") == "/srv/strata/postgres")
        #expect(SocketFolder.path(forHome: "/srv/a,b").hasPrefix("/tmp/strata-"))
        let long = SocketFolder.path(forHome: "/" + String(repeating: "x", count: 95))
        #expect(long.hasPrefix("/tmp/strata-"))
        #expect(long == SocketFolder.path(forHome: "/" + String(repeating: "x", count: 95)))
    }

    @Test func `a lock is held once`() async throws {
        try await withFolder { folder in
            let first = try FileLock.take(folder + "/lock")
            #expect(first != nil)
            #expect(try FileLock.take(folder + "/lock") == nil)
            withExtendedLifetime(first) {}
        }
    }

    @Test func `a program that was replaced while it ran is noticed`() async throws {
        try await withFolder { folder in
            let program = folder + "/sleep"
            guard try await Command.run(["cp", "/bin/sleep", program]).isSuccess else { return }
            let child = try ChildProcess.spawn([program, "60"])
            defer { child.signal(9) }
            #expect(!ServerProcess.child(child).hasOutdatedBinaries)
            Files.removeTree(program)
            #expect(ServerProcess.child(child).hasOutdatedBinaries)
        }
    }

    @Test func `a child inherits no file, and is reaped`() async throws {
        let file = try #require(fopen("/dev/null", "r"))
        defer { fclose(file) }
        let outcome = try await Command.run(["sh", "-c", "ls /proc/self/fd | wc -l; exit 0"])
        // The three standard ones, and the folder that `ls` reads.
        #expect(outcome.output == "4\n")
        let child = try ChildProcess.spawn(["false"])
        #expect(await patience(upTo: .seconds(10)) { !child.isRunning })
        #expect(!child.hasSucceeded)
        #expect(!Files.exists("/proc/\(child.id)"))
    }

    /// A thread of its own, so that no other test is touched.
    @Test func `a child may interrupt others, whatever the program has chosen`() async throws {
        let isOrdinary = await withCheckedContinuation { continuation in
            let isStarted = startThread(named: "waiting") {
                ProcessorSharing.waiting.apply()
                #expect(ProcessorSharing.current == .waiting)
                // The 41st field is the policy (proc_pid_stat(5)): 0 is SCHED_OTHER, and 3 SCHED_BATCH.
                let child = try? ChildProcess.spawn(["sh", "-c", "exit $(cut -d ' ' -f 41 /proc/self/stat)"])
                while child?.isRunning == true { usleep(1_000) }
                continuation.resume(returning: child?.hasSucceeded == true)
            }
            if !isStarted { continuation.resume(returning: false) }
        }
        #expect(isOrdinary)
    }

    @Test func `databases of tests are fresh, and can be copies`() async throws {
        let first = try await TemporaryPostgres.database()
        try await tell(first, "CREATE TABLE a (b int)")
        let second = try await TemporaryPostgres.database()
        #expect(try await ask(second, "SELECT count(*)::text FROM pg_tables WHERE tablename = 'a'") == "0")
        let name = try await ask(first, "SELECT current_database()::text")
        let copy = try await TemporaryPostgres.database(template: name)
        #expect(try await ask(copy, "SELECT count(*)::text FROM pg_tables WHERE tablename = 'a'") == "1")
    }
}
