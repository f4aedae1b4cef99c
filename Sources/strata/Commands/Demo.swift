internal import ArgumentParser
internal import Demo
internal import EventCodec
internal import Foundation
internal import Terminal

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Drive a running shop as many concurrent customers would, and check its books.",
        discussion: """
            With --purchases each row of a history becomes one order on its own business date; without it purchases are \
            made from --seed. Products and stock are created first. In the end the orders, quantities and money that the \
            query API reports are compared with what was sent, to the cent. The exit code is 2 when they differ.

            The shop must be running: strata up

            For a shop with --tokens, the environment variable STRATA_TOKEN holds a token of role staff.
            """)

    @Option(help: "A CSV file with the columns customer_id,date,quantity,amount_cents.")
    var purchases: String?

    @Option(help: "How many purchases are made when there is no file.")
    var orders = 2_000

    @Option(help: "Of a file, take only so many rows.")
    var limit: Int?

    @Option(help: "Customers that order at the same time.")
    var concurrency = 64

    @Option(help: "The share of customers whose cards are declined, 0 to 1.")
    var decline = 0.0

    @Flag(help: "Have a tenth less stock than is asked for.")
    var scarce = false

    @Option(help: "The seed of the random choices; the same seed makes the same purchases.")
    var seed: UInt64 = 1

    @Option(help: "Names the run. A run of the same name goes on where an earlier one stopped.")
    var run: String?

    @Option(help: "The command API.")
    var commandURL = "http://127.0.0.1:8081"

    @Option(help: "The query API.")
    var queryURL = "http://127.0.0.1:8082"

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (0...1).contains(decline) else { throw ValidationError("--decline is between 0 and 1.") }
        guard (1...1_024).contains(concurrency) else { throw ValidationError("--concurrency is between 1 and 1024.") }
        guard orders > 0, limit ?? 1 > 0 else { throw ValidationError("There is at least one order.") }
    }

    func run() async throws {
        var history = try purchases.map { try PurchaseFile.read($0) } ?? SeededPurchases.make(orders, seed: seed)
        if let limit { history = Array(history.prefix(limit)) }
        let isNewRun = run == nil
        let run = run ?? "demo\(Int(Date().timeIntervalSince1970))"
        var options = Demo.Options(run: run)
        options.commandURL = commandURL
        options.queryURL = queryURL
        options.token = ProcessInfo.processInfo.environment["STRATA_TOKEN"].flatMap { $0.isEmpty ? nil : $0 }
        options.concurrency = concurrency
        options.declineShare = decline
        options.isScarce = scarce
        options.seed = seed
        options.comparesSales = isNewRun
        note("run \(run): \(history.count) orders")
        let progress = DemoProgress()
        let outcome = try await Demo(history, options).run { progress.show($0) }
        if output.json { try printJSON(object(outcome, run)) } else { try printLine(text(outcome)) }
        if !outcome.differences.isEmpty { throw ExitCode.attention }
    }

    private func text(_ outcome: DemoOutcome) -> String {
        var table = Table("", "orders", "CDs", "money")
        table.add("sent", "\(outcome.sent.orders)", "\(outcome.sent.quantity)", dollars(outcome.sent.amountCents))
        if let expected = outcome.expected {
            table.add("to be confirmed", "\(expected.orders)", "\(expected.quantity)", dollars(expected.amountCents))
        }
        let confirmed = outcome.confirmed
        table.add("confirmed", "\(confirmed.orders)", "\(confirmed.quantity)", dollars(confirmed.amountCents))
        var lines = [table.rendered, "", "rejected: \(outcome.rejected)"]
        lines.append(
            String(
                format: "placed in %.1f s, all ended after %.1f s: %.0f orders a second end to end",
                outcome.orderedSeconds,
                outcome.settledSeconds, Double(outcome.sent.orders) / max(0.001, outcome.settledSeconds)))
        lines.append(outcome.differences.isEmpty ? "no difference, no order in between" : "DIFFERENCES:")
        for (kind, count) in outcome.differenceCounts { lines.append("  \(count) × \(kind)") }
        lines += outcome.differences.map { "  " + $0 }
        return lines.joined(separator: "\n")
    }

    private func object(_ outcome: DemoOutcome, _ run: String) -> JSONObject {
        func totals(_ totals: Totals) -> JSONValue {
            [
                "orders": .integer(totals.orders), "quantity": .integer(totals.quantity),
                "amountCents": .integer(totals.amountCents),
            ]
        }
        return [
            "run": .string(run), "sent": totals(outcome.sent), "expected": outcome.expected.map(totals) ?? .null,
            "confirmed": totals(outcome.confirmed), "rejected": .integer(outcome.rejected),
            "orderedSeconds": .number(outcome.orderedSeconds), "settledSeconds": .number(outcome.settledSeconds),
            "differences": .array(outcome.differences.map { .string($0) }),
        ]
    }

    private func dollars(_ cents: Int) -> String { String(format: "$%d.%02d", cents / 100, cents % 100) }
}

/// One bar for each step of a demo.
private final class DemoProgress: Sendable {
    private let stocking = ProgressBar("stocking")
    private let ordering = ProgressBar("ordering")
    private let settling = ProgressBar("settling")

    func show(_ step: Demo.Step) {
        switch step {
        case .stocking(let done, let total): show(stocking, done, total)
        case .ordering(let done, let total): show(ordering, done, total)
        case .settling(let done, let total): show(settling, done, total)
        }
    }

    private func show(_ bar: ProgressBar, _ done: Int, _ total: Int) {
        bar.show(done, of: total)
        if done == total { bar.finish("\(total) done") }
    }
}
