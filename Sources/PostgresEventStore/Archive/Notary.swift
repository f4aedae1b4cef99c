internal import EventSourcing
public import Logging
internal import PostgresClient
public import ServiceLifecycle

/// Seals each range of the log as soon as it is full.
public struct Notary: Service {
    private let archive: PostgresArchive
    private let store: PostgresEventStore
    private let logger: Logger

    /// How long a full range may stay unnoticed when no notification comes.
    private static let pollInterval = Duration.seconds(10)

    public init(_ archive: PostgresArchive, store: PostgresEventStore, logger: Logger) {
        self.archive = archive
        self.store = store
        self.logger = logger
    }

    /// Works until the task is cancelled or a graceful shutdown is asked for. A failure is tried again.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            var backoff = Self.backoff
            while !Task.isCancelled {
                do {
                    try await sealWhatIsFull()
                    backoff = Self.backoff
                    let boundary = try await archive.nextBoundary()
                    _ = try await store.waitForEvents(
                        after: Position(rawValue: boundary.rawValue - 1), timeout: Self.pollInterval)
                } catch {
                    guard !Task.isCancelled else { return }
                    logger.error("sealing failed; trying again", metadata: ["error": "\(error)"])
                    try? await Task.sleep(for: backoff.next(), clock: .continuous)
                }
            }
        }
    }

    private static var backoff: Backoff { Backoff(first: .milliseconds(200), limit: .seconds(60)) }

    private func sealWhatIsFull() async throws {
        while let segment = try await archive.sealNext() {
            logger.info(
                "sealed a segment",
                metadata: [
                    "segment": "\(segment.number)", "positions": "\(segment.first) to \(segment.last)",
                    "file": "\(segment.path)", "bytes": "\(segment.byteCount)",
                ])
        }
    }
}
