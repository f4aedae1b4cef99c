internal import ArgumentParser
internal import EventSourcing
internal import PostgresEventStore

/// How much a process takes on at once. See docs/guides/limits.md.
struct LimitOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Appends that wait to be written; one more is refused as overloaded.", valueName: "count"))
    var appendQueueMax = 20_000

    @Option(help: ArgumentHelp("Bytes of appends that wait to be written.", valueName: "bytes"))
    var appendQueueBytesMax = 256 << 20

    @Option(
        help: ArgumentHelp(
            "How long an append may take, tries to reach a database that is down included.", valueName: "seconds"))
    var appendSecondsMax = 30

    @Option(help: ArgumentHelp("Bytes in one event's payload.", valueName: "bytes"))
    var eventBytesMax = 1 << 20

    @Option(help: ArgumentHelp("Subscriptions to the log that are open at once.", valueName: "count"))
    var subscriptionsMax = 1_000

    /// Bytes in one append: the largest event fits in.
    var appendBytesMax: Int { max(AppendLimits().appendBytesMax, eventBytesMax) }

    /// Bytes in the body of an append over HTTP: the largest event fits in, with whatever stands around it.
    var appendBodyBytesMax: Int { max(4 << 20, 2 * min(eventBytesMax, .max / 2)) }

    func validate() throws {
        let limits = [
            ("--append-queue-max", appendQueueMax), ("--append-queue-bytes-max", appendQueueBytesMax),
            ("--append-seconds-max", appendSecondsMax), ("--event-bytes-max", eventBytesMax),
            ("--subscriptions-max", subscriptionsMax),
        ]
        for (name, value) in limits where value < 1 { throw ValidationError("\(name) is 1 or more.") }
    }

    func apply(to configuration: inout PostgresEventStore.Configuration) {
        configuration.queueLimits.requestsMax = appendQueueMax
        configuration.queueLimits.bytesMax = appendQueueBytesMax
        configuration.appendPatience = .seconds(appendSecondsMax)
        configuration.limits.appendBytesMax = appendBytesMax
        configuration.limits.payloadBytesMax = eventBytesMax
        configuration.readLimits.subscriptionsMax = subscriptionsMax
    }
}
