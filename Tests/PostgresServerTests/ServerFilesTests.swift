internal import Testing

@testable internal import PostgresServer

@Suite struct `The files and settings of a server` {
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
}
