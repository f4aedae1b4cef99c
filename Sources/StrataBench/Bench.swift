internal import ArgumentParser
internal import PostgresClient

/// Measures Strata beside what PostgreSQL itself can do, in one run on one machine, and prints ratios.
@main
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "strata-bench",
        abstract: "Measure appends, imports and reads beside raw PostgreSQL.",
        subcommands: [Measure.self, WriterProcess.self, ReaderProcess.self],
        defaultSubcommand: Measure.self)

    /// As the program `strata` does.
    static func main() async {
        ProcessorSharing.waiting.apply()
        await main(nil)
    }
}
