internal import ArgumentParser
internal import EventCodec
internal import EventSchema

struct SchemasCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schemas", abstract: "Generate Swift from the event schemas, and check them.",
        discussion: "Every event of the system is a JSON Schema in EventSchemas/<context>/<Type>.v<N>.json.",
        subcommands: [GenerateSchemas.self, CheckSchemas.self, ReleaseSchemas.self])
}

/// Which package is worked on.
struct PackageOptions: ParsableArguments {
    @Option(help: "The folder of Package.swift.")
    var package = "."
}

struct GenerateSchemas: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate", abstract: "Write the Swift event types and their codecs into each context.")

    @OptionGroup var package: PackageOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let repository = try SchemaRepository(root: package.package)
        let written = try repository.write(try repository.generate())
        if output.json { return try printJSON(["written": .array(written.map { .string($0) })]) }
        for path in written { try printLine("wrote \(path)") }
        if written.isEmpty { try printLine("The generated code is up to date.") }
    }
}

struct CheckSchemas: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Find stale generated code, edited releases and versions that cannot be read.",
        discussion: "The exit code is 2 when something was found.")

    @OptionGroup var package: PackageOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let findings = try SchemaRepository(root: package.package).check()
        for finding in findings {
            if output.json {
                try printJSON(["file": .string(finding.file), "message": .string(finding.message)])
            } else {
                try printLine("\(finding)")
            }
        }
        guard findings.isEmpty else { throw ExitCode.attention }
        if !output.json { try printLine("The event schemas are in order.") }
    }
}

struct ReleaseSchemas: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release", abstract: "Note the schemas that are not noted yet as released.",
        discussion: "A released version never changes: what is on disk in some log must stay readable.")

    @OptionGroup var package: PackageOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let released = try SchemaRepository(root: package.package).release()
        if output.json { return try printJSON(["released": .array(released.map { .string($0) })]) }
        for path in released { try printLine("released \(path)") }
        if released.isEmpty { try printLine("Every schema was released before.") }
    }
}
