internal import HTTPTypes
internal import Hummingbird

/// What every API answers to anybody: whether it lives, whether it can serve, its numbers and its description.
struct ServiceRoutes {
    let probes: ServiceProbes
    let openAPI: [UInt8]

    func add(to router: Router<APIContext>) {
        let (probes, openAPI) = (probes, openAPI)
        let readiness = SharedReadiness(probes.readiness)
        router.get("health") { _, _ in Response.json(Array(#"{"status":"alive"}"#.utf8)) }
        router.get("ready") { _, _ in
            switch await readiness.value {
            case .ready: return Response.json(Array(#"{"status":"ready"}"#.utf8))
            case .notReady(let reason):
                throw Problem.unavailable(code: "notReady", "Not ready: \(reason).", retryAfterSeconds: 1)
            }
        }
        router.get("metrics") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: probes.metricsText())))
        }
        router.get("openapi.json") { _, _ in Response.json(openAPI) }
    }
}
