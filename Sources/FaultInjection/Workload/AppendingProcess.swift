internal import EventSourcing
internal import Foundation
internal import Logging
internal import NIOConcurrencyHelpers
internal import PostgresEventStore

/// The other end of a `WriterProcess`: appends what lines on its input say, many at once, and answers each with a line
/// on its output. Ends with its input.
public enum AppendingProcess {
    public static func run(connectionString: String, limits: RunLimits) async throws {
        let lines = AsyncStream<[UInt8]> { continuation in
            Thread.detachNewThread {
                Sockets.readLines(STDIN_FILENO) { continuation.yield($0) }
                continuation.finish()
            }
        }
        let output = NIOLockedValueBox(STDOUT_FILENO)
        try await PostgresEventStore.with(.init(connectionString, limits), logger: .silent) { store in
            try await withThrowingDiscardingTaskGroup { group in
                for await line in lines {
                    let request = try JSONDecoder().decode(AppendLine.self, from: Data(line))
                    group.addTask {
                        let outcome = await result { () async throws(EventStoreError) in
                            try await store.append(request.appends)
                        }
                        let sharing = store.writerSharing
                        let answer = ReceiptLine(
                            request.number, outcome, isLeading: sharing.isLeading, handedOver: sharing.handedOver)
                        let line = try JSONEncoder().encode(answer) + Data("\n".utf8)
                        output.withLockedValue { _ = Sockets.write(Array(line)[...], to: $0) }
                    }
                }
            }
        }
    }

    private static func result<R>(
        _ body: () async throws(EventStoreError) -> R
    ) async -> Result<R, EventStoreError> {
        do throws(EventStoreError) { return .success(try await body()) } catch { return .failure(error) }
    }
}

extension Logger {
    /// Faults are meant to happen: what the stores say of them is of no use here.
    static var silent: Logger {
        var logger = Logger(label: "soak")
        logger.logLevel = .critical
        return logger
    }
}

extension PostgresEventStore.Configuration {
    init(_ connectionString: String, _ limits: RunLimits) {
        self.init(connectionString: connectionString)
        appendPatience = .milliseconds(limits.appendMilliseconds)
        statementTimeout = .milliseconds(limits.statementMilliseconds)
        answerTimeout = .milliseconds(limits.answerMilliseconds)
        writerFolder = limits.writerFolder
    }
}
