internal import Logging
internal import PostgresServer
internal import ServiceLifecycle

/// Watches over the private PostgreSQL: starts it again when it dies.
struct PrivatePostgres: Service {
    let server: PostgresServer
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await server.waitForExit()
                guard !Task.isCancelled else { return }
                logger.error("the private PostgreSQL has stopped; starting it again")
                do { try await server.revive() } catch {
                    logger.critical("the private PostgreSQL does not run", metadata: ["error": "\(error)"])
                    try? await Task.sleep(for: .seconds(5), clock: .continuous)
                }
            }
        }
    }
}
