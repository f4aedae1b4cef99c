internal import Glibc
internal import PostgresClient
internal import Testing

@testable internal import PostgresServer

@Suite struct `The processes of a server` {
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
}
