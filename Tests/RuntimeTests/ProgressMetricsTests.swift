import EventSourcing
import NIOConcurrencyHelpers
import PostgresClient
import Runtime
import ServiceLifecycle
import Support
import Telemetry
import Testing

@Suite struct `Metrics of progress` {
    @Test func `say how far each read model is behind the log`() async throws {
        try await Deployment().withProcess { process in
            let registry = MetricsRegistry()
            let ledger = Ledger()
            try await process.append(20)
            try await running([process.progress([ledger], registry)]) {
                try await eventually("it was never begun") {
                    let shown = registry.render()
                    return shown.contains(#"strata_projection_behind_events{log="main",projection="ledger"} 20"#)
                        && shown.contains(#"strata_log_head_position{log="main"} 20"#)
                }
                try await running([process.projector([ledger])]) { try await process.waitForHead(ledger) }
                try await process.append(5)
                try await eventually("its projector has stopped") {
                    registry.render().contains(#"strata_projection_behind_events{log="main",projection="ledger"} 5"#)
                }
            }
        }
    }

    @Test func `say which sagas are not finished, until they are`() async throws {
        try await Deployment().withProcess { process in
            let registry = MetricsRegistry()
            let isOpen = NIOLockedValueBox(false)
            let delivery = Delivery { _, _ in
                while !isOpen.withLockedValue({ $0 }) { try await Task.sleep(for: .milliseconds(5)) }
            }
            let services = [
                process.coordinator(delivery), process.projector([SagaInstances()]), process.progress([], registry),
            ]
            try await running(services) {
                try await process.order(["1", "2"])
                try await eventually("both wait") {
                    registry.render().contains(#"strata_sagas_unfinished{phase="forward",saga="delivery"} 2"#)
                }
                isOpen.withLockedValue { $0 = true }
                try await eventually("both have ended") { try await process.endedCount() == 2 }
                try await eventually("nothing is left") { !registry.render().contains("strata_sagas_unfinished{") }
            }
        }
    }

    @Test func `are not there while the database cannot be asked`() async throws {
        try await Deployment().withProcess { process in
            let registry = MetricsRegistry()
            try await running([process.progress([Ledger()], registry)]) {
                try await eventually("there are some") {
                    registry.render().contains("strata_projection_behind_events{")
                }
                await process.pool.close()
                try await eventually("there are none") {
                    !registry.render().contains("strata_projection_behind_events{")
                }
            }
        }
    }
}

extension Process {
    fileprivate func progress(_ models: [any ReadModel], _ registry: MetricsRegistry) -> any Service {
        ProgressMetrics(
            models, store: store, pool: pool, factory: registry, interval: .milliseconds(20), logger: logger)
    }
}
