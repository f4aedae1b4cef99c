internal import ArgumentParser
internal import EventCodec
internal import EventSourcing
internal import Runtime
internal import SagaEngine
internal import Terminal

struct SagasCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sagas", abstract: "Show sagas, and help those that wait for an operator.",
        subcommands: [ListSagas.self, ResumeSaga.self, SkipSagaStep.self], defaultSubcommand: ListSagas.self)
}

struct ListSagas: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "How many instances are in which phase, and the unfinished ones.",
        discussion: "The exit code is 2 when instances are quarantined, which means that they wait for an operator.")

    @Option(help: "How many unfinished instances are listed at most.")
    var limit = 50

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var logs: LogOptions

    func run() async throws {
        let limit = limit
        let (counts, unfinished) = try await database.withShop(logs) { shop in
            (
                try await SagaStatus.counts(pool: shop.pool),
                try await SagaStatus.load(phases: SagaPhase.unfinished, limit: limit, pool: shop.pool)
            )
        }
        if output.json {
            for status in unfinished { try printJSON(object(status)) }
        } else {
            try printTables(counts, unfinished)
        }
        if counts.contains(where: { $0.phase == .quarantined }) { throw ExitCode.attention }
    }

    private func printTables(
        _ counts: [(saga: SagaName, phase: SagaPhase, count: Int)], _ unfinished: [SagaStatus]
    ) throws {
        var totals = Table("saga", "phase", "instances")
        for count in counts { totals.add("\(count.saga)", count.phase.rawValue, "\(count.count)") }
        try printLine(totals.rendered)
        guard !unfinished.isEmpty else { return }
        var table = Table("saga", "key", "phase", "step", "failed", "idle", "reason")
        for status in unfinished {
            table.add(
                "\(status.saga)", status.key, status.phase.rawValue, status.step ?? "", "\(status.failedAttempts)",
                "\(status.ageSeconds) s", status.reason ?? "")
        }
        try printLine("\n\(table.rendered)")
    }

    private func object(_ status: SagaStatus) -> JSONObject {
        [
            "saga": .string(status.saga.rawValue), "key": .string(status.key),
            "phase": .string(status.phase.rawValue), "step": status.step.map { .string($0) } ?? .null,
            "failedAttempts": .integer(status.failedAttempts),
            "reason": status.reason.map { .string($0) } ?? .null, "idleSeconds": .integer(status.ageSeconds),
        ]
    }
}

/// Which instance an operator works on, and why.
struct SagaArguments: ParsableArguments {
    @Argument(help: "The saga, such as order-fulfilment.")
    var saga: SagaName

    @Argument(help: "The key of the instance, such as the order's id.")
    var key: String

    @Option(help: "Why; it is kept in the saga's history.")
    var reason: String

    @Option(help: "Who does this; it is kept in the saga's history.")
    var actor: String
}

struct ResumeSaga: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Let a quarantined instance try again.")

    @OptionGroup var instance: SagaArguments
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var logs: LogOptions

    func run() async throws {
        let instance = instance
        try await database.withShop(logs) { shop in
            try await SagaOperator(store: shop.store).resume(
                instance.saga, key: instance.key, actor: instance.actor, reason: instance.reason)
        }
        try report(instance, output, "goes on within seconds, where a coordinator runs.")
    }
}

struct SkipSagaStep: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "skip", abstract: "Take the step that a quarantined instance is stuck at as done.",
        discussion: "For a step that was done, or undone, by other means. Nothing is sent for it any more.")

    @OptionGroup var instance: SagaArguments
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var logs: LogOptions

    func run() async throws {
        let instance = instance
        try await database.withShop(logs) { shop in
            try await SagaOperator(store: shop.store).skipStep(
                instance.saga, key: instance.key, actor: instance.actor, reason: instance.reason)
        }
        try report(instance, output, "goes on without that step within seconds, where a coordinator runs.")
    }
}

private func report(_ instance: SagaArguments, _ output: OutputOptions, _ text: String) throws {
    if output.json {
        try printJSON(["saga": .string(instance.saga.rawValue), "key": .string(instance.key), "recorded": true])
    } else {
        try printLine("\(instance.saga) \(instance.key) \(text)")
    }
}
