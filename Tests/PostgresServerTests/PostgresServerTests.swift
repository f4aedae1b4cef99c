internal import Glibc
internal import Testing

@testable internal import PostgresServer

@Suite struct `A private server` {
    @Test func `starts, answers, stops, and keeps its data`() async throws {
        try await withFolder { folder in
            try await withServer(in: folder) { server in
                try await expect(server.connectionString, "SELECT current_database()::text", gives: "strata")
                #expect(await server.isOwner)
                try await tell(server.connectionString, "CREATE TABLE kept (a text); INSERT INTO kept VALUES ('yes')")
            }
            #expect(ServerProcess.all(workingIn: folder + "/postgres/data").isEmpty)
            try await withServer(in: folder) { server in
                try await expect(server.connectionString, "SELECT a FROM kept", gives: "yes")
            }
        }
    }

    @Test func `listens on a private socket alone, and is set up for a log`() async throws {
        let server = try await TemporaryPostgres.server()
        @Sendable func setting(_ name: String) async throws -> String {
            try await ask(server.connectionString, "SELECT current_setting('\(name)')")
        }
        #expect(try await setting("listen_addresses") == "")
        #expect(try await setting("synchronous_commit") == "on")
        #expect(try await setting("server_encoding") == "UTF8")
        #expect(try await setting("TimeZone") == "UTC")
        #expect(try await setting("jit") == "off")
        #expect(try await ["lz4", "pglz"].contains(setting("wal_compression")))
        #expect(try await setting("max_connections") == "1000", "options win")
        #expect(
            try await ask(server.connectionString, "SELECT datcollate::text FROM pg_database WHERE datname = 'strata'")
                == "C")
        #expect(Files.status(server.socketFolder)?.isPrivate == true)
    }

    @Test(.enabled(if: geteuid() == 0)) func `does not run as root`() async throws {
        let server = try await TemporaryPostgres.server()
        let id = await server.processID
        #expect(Files.status("/proc/\(id)")?.owner != 0)
        #expect(Files.status(server.dataFolder)?.owner == Files.status("/proc/\(id)")?.owner)
    }

    @Test func `is used, and left running, by a second program`() async throws {
        try await withFolder { folder in
            try await withServer(in: folder) { first in
                let second = try await PostgresServer.start(folder: folder, options: .small)
                #expect(await !second.isOwner)
                #expect(second.connectionString == first.connectionString)
                #expect(await second.processID == first.processID)
                await #expect(throws: PostgresServerError.self) { try await second.kill() }
                await second.stop()
                #expect(await first.isRunning)
                try await expect(first.connectionString, "SELECT 'well'", gives: "well")
            }
        }
    }

    @Test func `is made once when many start it at the same moment`() async throws {
        try await withFolder { folder in
            let servers = try await withThrowingTaskGroup(of: PostgresServer.self) { group in
                for _ in 0..<4 {
                    group.addTask { try await PostgresServer.start(folder: folder, options: .small) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            var owners = 0
            for server in servers where await server.isOwner { owners += 1 }
            #expect(owners == 1)
            #expect(Set(servers.map(\.connectionString)).count == 1)
            for server in servers { await server.stop() }
            #expect(ServerProcess.all(workingIn: folder + "/postgres/data").isEmpty)
        }
    }

    @Test func `is adopted when its program is gone, and then stopped like an own one`() async throws {
        try await withFolder { folder in
            var orphan: Int32 = 0
            do {
                // Dropping the server without stopping it gives up the lock, as the death of the program would.
                let server = try await PostgresServer.start(folder: folder, options: .small)
                orphan = await server.processID
            }
            try await withServer(in: folder) { server in
                #expect(await server.isOwner)
                #expect(await server.processID == orphan)
            }
            #expect(ServerProcess.all(workingIn: folder + "/postgres/data").isEmpty)
        }
    }

    @Test func `is stopped by whoever is left`() async throws {
        try await withFolder { folder in
            let user: PostgresServer
            do {
                let owner = try await PostgresServer.start(folder: folder, options: .small)
                user = try await PostgresServer.start(folder: folder, options: .small)
                #expect(await owner.isOwner)
                #expect(await !user.isOwner)
            }
            await user.stop()
            #expect(ServerProcess.all(workingIn: folder + "/postgres/data").isEmpty)
        }
    }

    @Test func `is stopped by the last of those that use it, whoever started it`() async throws {
        try await withFolder { folder in
            let owner = try await PostgresServer.start(folder: folder, options: .small)
            let user = try await PostgresServer.start(folder: folder, options: .small)
            await owner.stop()
            #expect(await user.isRunning)
            try await expect(user.connectionString, "SELECT 'well'", gives: "well")
            Glibc.kill(await user.processID, SIGKILL)
            await user.waitForExit()
            try await user.revive()
            try await expect(user.connectionString, "SELECT 'well'", gives: "well")
            await user.stop()
            #expect(ServerProcess.all(workingIn: folder + "/postgres/data").isEmpty)
        }
    }

    @Test func `is not made where none was, unless that is wanted`() async throws {
        try await withFolder { folder in
            var options = PostgresServer.Options.small
            options.makesData = false
            await #expect {
                _ = try await PostgresServer.start(folder: folder + "/new", options: options)
            } throws: {
                ($0 as? PostgresServerError)?.code == .noData
            }
            #expect(!Files.exists(folder + "/new"))
            try await withServer(in: folder) { _ in }
            try await PostgresServer.start(folder: folder, options: options).stop()
        }
    }

    @Test func `recovers from being killed`() async throws {
        try await withFolder { folder in
            try await withServer(in: folder) { server in
                try await tell(server.connectionString, "CREATE TABLE kept (a text); INSERT INTO kept VALUES ('yes')")
                let first = await server.processID
                try await server.kill()
                #expect(await !server.isRunning)
                try await server.restart()
                #expect(await server.processID != first)
                try await expect(server.connectionString, "SELECT a FROM kept", gives: "yes")
            }
            // A killed server leaves its process id behind, which must not keep another program from starting it.
            do {
                let server = try await PostgresServer.start(folder: folder, options: .small)
                try await server.kill()
            }
            try await withServer(in: folder) { server in
                try await expect(server.connectionString, "SELECT a FROM kept", gives: "yes")
            }
        }
    }

    @Test func `is reaped when it dies, and says so`() async throws {
        try await withFolder { folder in
            try await withServer(in: folder) { server in
                let id = await server.processID
                async let exit: Void = server.waitForExit()
                Glibc.kill(id, SIGKILL)
                await exit
                #expect(await !server.isRunning)
                #expect(!Files.exists("/proc/\(id)"))
            }
        }
    }

    @Test func `has a socket within reach of a long path`() async throws {
        let long = "strata-server-test-\(getpid())-" + String(repeating: "long and, deep ", count: 8) + "'quoted'"
        try await withFolder(named: long) { folder in
            try await withServer(in: folder) { server in
                #expect(server.socketFolder.utf8.count < 100)
                #expect(Files.status(server.socketFolder)?.isPrivate == true)
                try await expect(server.connectionString, "SELECT 'well'", gives: "well")
                let second = try await PostgresServer.start(folder: folder, options: .small)
                #expect(second.connectionString == server.connectionString)
            }
            #expect(!Files.exists(SocketFolder.path(forHome: folder + "/postgres")))
        }
    }

    @Test func `takes a short path with blanks and quotes`() async throws {
        try await withFolder(named: "strata it's \"odd\" \\ \(getpid())") { folder in
            try await withServer(in: folder) { server in
                #expect(server.socketFolder == folder + "/postgres")
                try await expect(server.connectionString, "SELECT 'well'", gives: "well")
            }
        }
    }

    @Test(.enabled(if: geteuid() == 0)) func `puts its data elsewhere when its user cannot enter the folder`()
        async throws
    {
        try await withFolder(mode: 0o700) { closed in
            try await withFolder { open in
                let folder = closed + "/strata"
                var options = PostgresServer.Options.small
                options.fallbackFolder = open + "/elsewhere"
                let data = try await withServer(in: folder, options) { server in
                    #expect(server.notice?.contains(server.dataFolder) == true)
                    try await tell(
                        server.connectionString, "CREATE TABLE kept (a text); INSERT INTO kept VALUES ('yes')")
                    return server.dataFolder
                }
                #expect(data.hasPrefix(options.fallbackFolder))
                try await withServer(in: folder, options) { server in
                    #expect(server.dataFolder == data)
                    try await expect(server.connectionString, "SELECT a FROM kept", gives: "yes")
                }
                // Someone who removes the folder wants to begin anew.
                Files.removeTree(folder)
                try await withServer(in: folder, options) { server in
                    #expect(server.dataFolder != data)
                }
            }
        }
    }
}
