public import CoreMetrics
public import EventSourcing
public import Logging
public import PostgresClient
public import ServiceLifecycle

/// Shows as metrics how far the read models are behind the log, and which sagas are not finished.
///
/// It asks the database and not the workers of this process: one that hangs is behind, too. Sagas are counted in their
/// read model, ``SagaInstances``, and the count is as old as that is. While the database cannot be asked there are no
/// such metrics, rather than old ones.
public struct ProgressMetrics<Store: StreamStore>: Service {
    private let models: [any ReadModel]
    private let store: Store
    private let pool: PostgresPool
    private let factory: any MetricsFactory
    private let interval: Duration
    private let logger: Logger

    public init(
        _ models: [any ReadModel], store: Store, pool: PostgresPool, factory: any MetricsFactory,
        interval: Duration = .seconds(5), logger: Logger
    ) {
        self.models = models
        self.store = store
        self.pool = pool
        self.factory = factory
        self.interval = interval
        self.logger = logger
    }

    /// Works until the task is cancelled or a graceful shutdown is asked for.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            var gauges = GaugeSet(factory: factory)
            while !Task.isCancelled {
                do {
                    gauges.show(try await progress())
                } catch {
                    gauges.show([:])
                    logger.debug("progress is not known at the moment", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: interval, clock: .continuous)
            }
        }
    }

    private func progress() async throws -> [GaugeSet.Key: Int64] {
        // What is projected meanwhile must not look as if it were beyond the head.
        let statuses = try await ReadModelStatus.load(models, store.logNames, pool: pool)
        let heads = try await store.heads()
        var values: [GaugeSet.Key: Int64] = [:]
        for log in store.logNames {
            values[.init("strata_log_head_position", ["log": "\(log)"])] = heads[log].rawValue
        }
        for status in statuses {
            let labels = ["projection": "\(status.name)", "log": "\(status.log)"]
            values[.init("strata_projection_behind_events", labels)] = status.behind(heads[status.log])
        }
        for unfinished in try await SagaStatus.unfinishedCounts(pool: pool) {
            let labels = ["saga": "\(unfinished.saga)", "phase": unfinished.phase.rawValue]
            values[.init("strata_sagas_unfinished", labels)] = Int64(unfinished.count)
        }
        return values
    }
}
