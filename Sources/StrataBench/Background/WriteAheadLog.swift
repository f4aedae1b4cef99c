internal import PostgresClient

/// The server's write-ahead log files.
///
/// A server that has run for a while writes over files that it no longer needs. A new one makes each file and fills it
/// with zeros when it comes to it, while whoever commits waits: with 512 writers that cost a quarter of the appends,
/// and tripled the longest waits. What is measured is the server that has run for a while.
enum WriteAheadLog {
    /// As many files of 16 MiB as a server with the default of Strata's own, 4 GB, goes through between two
    /// checkpoints.
    static let fileCount = 176

    /// Has the server make its files, by going on to the next one again and again, and a checkpoint keep them.
    static func makeFiles(_ database: BenchDatabase) async throws {
        progress("write-ahead log files")
        try await database.run { session in
            for _ in 0..<fileCount {
                try session.executeScript("SELECT pg_logical_emit_message(true, 'strata-bench', '')")
                try session.executeScript("SELECT pg_switch_wal()")
            }
            try session.executeScript("CHECKPOINT")
        }
    }
}
