internal import EventSourcing
internal import HTTPSupport
internal import PostgresEventStore
internal import ServiceLifecycle
internal import Telemetry

/// The services of a process, put together from its roles.
struct ServiceProcess {
    let shop: Shop
    let roles: Set<ProcessRole>
    let options: ServerOptions
    let authenticator: Authenticator
    /// Set when one of the roles is the store.
    let store: StoreSettings?
    let metrics: MetricsRegistry

    /// In the order in which they start; they stop in reverse, so that the store is there until the last of them is
    /// done.
    func services() throws -> (all: [any Service], apis: APIs) {
        var services = shop.logs
        if roles.contains(.projector) { services.append(shop.projector) }
        if roles.contains(.sagas) { services += shop.sagas }
        if roles.contains(.notary) { services += shop.notary }
        if roles.contains(.projector) || roles.contains(.sagas) { services.append(shop.progress(metrics)) }
        let apis = try APIs(process: self)
        if let prices = apis.prices { services.append(prices) }
        services += apis.servers
        return (services, apis)
    }

    var probes: ServiceProbes {
        ServiceProbes(
            readiness: { [logs = shop.store.logs] in await readiness(of: logs) },
            metricsText: { [metrics] in metrics.render() }, metrics: metrics)
    }
}

/// Asks all logs at once: several that do not answer take no longer than one.
private func readiness(of logs: [PostgresEventStore]) async -> Readiness {
    await withTaskGroup(of: EventStoreError?.self) { group in
        for log in logs {
            group.addTask {
                do throws(EventStoreError) {
                    try await log.verify()
                    return nil
                } catch {
                    return error
                }
            }
        }
        for await error in group {
            guard let error else { continue }
            group.cancelAll()
            return .notReady(error.message)
        }
        return .ready
    }
}
