internal import Glibc
internal import Testing

@testable internal import PostgresServer

@Suite struct `A throw-away server` {
    @Test func `leaves nothing behind when it is removed`() async throws {
        let temporary = try await TemporaryServer.start()
        try await expect(temporary.server.connectionString, "SELECT 'here'", gives: "here")
        await temporary.remove()
        #expect(!Files.exists(temporary.folder))
        #expect(ServerProcess.all(workingIn: temporary.server.dataFolder).isEmpty)
    }

    @Test func `has a file system of its own where one can be mounted`() async throws {
        guard await TemporaryServer.canHaveDisk() else {
            return print("left out: no file system can be mounted here (it takes root)")
        }
        let temporary = try await TemporaryServer.start(diskMiB: 200)
        #expect(sizeMiB(temporary.folder) == 200)
        await temporary.remove()
        #expect(!Files.exists(temporary.folder))
    }

    @Test func `can have a standby, which follows it, refuses writes, and takes them once it is promoted`() async throws
    {
        let primary = try await TemporaryServer.start()
        let standby = try await TemporaryServer.startStandby(of: primary.server, name: "second")
        try await tell(primary.server.connectionString, "CREATE TABLE t (a text); INSERT INTO t VALUES ('kept')")
        await patience(upTo: .seconds(60)) {
            (try? await ask(standby.server.connectionString, "SELECT a FROM t")) == "kept"
        }
        await #expect(throws: (any Error).self) {
            try await tell(standby.server.connectionString, "INSERT INTO t VALUES ('refused')")
        }
        try await expect(
            primary.server.connectionString, "SELECT application_name::text FROM pg_stat_replication", gives: "second")

        try await primary.server.kill()
        try await standby.server.promote()
        try await tell(standby.server.connectionString, "INSERT INTO t VALUES ('taken')")
        try await expect(
            standby.server.connectionString, "SELECT string_agg(a, ' ' ORDER BY a) FROM t", gives: "kept taken")
        await standby.remove()
        await primary.remove()
    }

    private func sizeMiB(_ path: String) -> Int {
        var info = statvfs()
        guard statvfs(path, &info) == 0 else { return 0 }
        return Int(info.f_blocks) * Int(info.f_frsize) / 1_048_576
    }
}
