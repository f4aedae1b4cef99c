internal import Glibc
internal import Testing

@testable internal import PostgresServer

/// Starts a server that must not start.
private func failure(
    in folder: String, _ options: PostgresServer.Options = .small
) async throws -> PostgresServerError {
    do throws(PostgresServerError) {
        let server = try await PostgresServer.start(folder: folder, options: options)
        await server.stop()
    } catch {
        return error
    }
    throw UnexpectedStart()
}

private struct UnexpectedStart: Error {}

@Suite struct `A server that cannot start says why` {
    @Test func `data of another version`() async throws {
        try await withFolder { folder in
            try await withServer(in: folder) { _ in }
            try Files.write("9\n", to: folder + "/postgres/data/PG_VERSION")
            let error = try await failure(in: folder)
            #expect(error.code == .wrongVersion)
            #expect(error.message.contains("was written by PostgreSQL 9 "))
            #expect(error.message.contains("apt-get install postgresql-9"))
            #expect(error.message.contains(folder + "/postgres/data"))
            #expect(Files.exists(folder + "/postgres/data/base"), "the data is untouched")
        }
    }

    @Test func `a folder that cannot be made`() async throws {
        let error = try await failure(in: "/proc/strata")
        #expect(error.code == .folderUnusable)
        #expect(error.message.contains("/proc/strata cannot be used"))
    }

    @Test func `a file where the folder should be`() async throws {
        try await withFolder { folder in
            try Files.write("", to: folder + "/strata")
            let error = try await failure(in: folder + "/strata")
            #expect(error.code == .folderUnusable)
            #expect(error.message.contains("a file is in the way"))
        }
    }

    @Test(.enabled(if: geteuid() != 0)) func `a folder that may not be written`() async throws {
        try await withFolder(mode: 0o500) { folder in
            let error = try await failure(in: folder)
            #expect(error.code == .folderUnusable)
            #expect(error.message.contains("permission denied"))
        }
    }

    @Test func `no PostgreSQL, and nothing is left behind`() async throws {
        try await withFolder { parent in
            var options = PostgresServer.Options.small
            options.binaries = parent
            let error = try await failure(in: parent + "/strata", options)
            #expect(error.code == .notInstalled)
            #expect(error.message.contains("apt-get install postgresql"))
            #expect(Files.names(in: parent).isEmpty)
        }
    }

    @Test func `a setting that the server refuses, with its words, and nothing is left behind`() async throws {
        try await withFolder { parent in
            var options = PostgresServer.Options.small
            options.settings["max_connections"] = "no number"
            let error = try await failure(in: parent + "/strata", options)
            #expect(error.code == .startFailed)
            #expect(error.log.contains("max_connections"))
            #expect(Files.names(in: parent).isEmpty)
            #expect(ServerProcess.all(workingIn: parent + "/strata/postgres/data").isEmpty)
        }
    }

    @Test func `a folder full of something else`() async throws {
        try await withFolder { folder in
            _ = try Files.makeFolder(folder + "/postgres", mode: 0o700)
            _ = try Files.makeFolder(folder + "/postgres/data", mode: 0o700)
            try Files.write("mine", to: folder + "/postgres/data/letter.txt")
            let error = try await failure(in: folder)
            #expect(error.code == .folderUnusable)
            #expect(error.message.contains("is not a data folder"))
            #expect(Files.read(folder + "/postgres/data/letter.txt") == "mine")
        }
    }

    @Test(.enabled(if: geteuid() == 0)) func `a disk without room, and nothing is left behind`() async throws {
        try await withFolder { folder in
            let mount = try await Command.run(["mount", "-t", "tmpfs", "-o", "size=8m,mode=0755", "tmpfs", folder])
            // A container may not mount anything.
            guard mount.isSuccess else { return }
            let error = try await failure(in: folder + "/strata")
            #expect(error.code == .initialisationFailed)
            #expect(error.message.contains("There is no room"))
            #expect(Files.names(in: folder).isEmpty)
            _ = try await Command.run(["umount", folder])
        }
    }

    @Test(.enabled(if: geteuid() != 0)) func `a folder of somebody else`() async throws {
        let place = ServerFolder(folder: "/", home: "/root", user: try ServerUser.choose(forDataOf: "/root"))
        #expect(PostgresServerError.foreign(place).message.hasPrefix("/root belongs to root and cannot be used by "))
    }

    @Test func `an interrupted initdb is begun again`() async throws {
        try await withFolder { folder in
            _ = try Files.makeFolder(folder + "/postgres", mode: 0o700)
            _ = try Files.makeFolder(folder + "/postgres/data.new-1", mode: 0o700)
            try Files.write("half", to: folder + "/postgres/data.new-1/PG_VERSION")
            try await withServer(in: folder) { server in
                try await expect(server.connectionString, "SELECT 'well'", gives: "well")
            }
            #expect(!Files.exists(folder + "/postgres/data.new-1"))
        }
    }

    @Test(arguments: [0, 200, 500, 1_000, 2_000]) func `a start that is cancelled leaves nothing behind`(
        afterMilliseconds delay: Int
    ) async throws {
        try await withFolder { folder in
            let start = Task { try await PostgresServer.start(folder: folder + "/strata", options: .small) }
            try await Task.sleep(for: .milliseconds(delay))
            start.cancel()
            do {
                // It may have been faster.
                try await start.value.stop()
            } catch {
                #expect((error as? PostgresServerError)?.code == .cancelled)
                #expect(Files.names(in: folder).isEmpty)
            }
            #expect(ServerProcess.all(workingIn: folder + "/strata/postgres/data").isEmpty)
        }
    }
}
