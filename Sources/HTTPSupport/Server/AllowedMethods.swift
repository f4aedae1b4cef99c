internal import HTTPTypes
internal import Hummingbird

/// Which methods each address takes, to tell an unknown address from a wrong method.
struct AllowedMethods: Sendable {
    private let routes: [(path: RouterPath, method: HTTPRequest.Method)]

    init(_ router: Router<APIContext>) {
        routes = router.routes.map { ($0.path, $0.method) }
    }

    /// In alphabetical order; none when the address is unknown. Whatever takes GET takes HEAD, too.
    func methods(at path: String) -> [HTTPRequest.Method] {
        let parts = path.split(separator: "/")
        var methods = Set(routes.filter { matches($0.path, parts) }.map(\.method))
        if methods.contains(.get) { methods.insert(.head) }
        return methods.sorted { $0.rawValue < $1.rawValue }
    }

    private func matches(_ path: RouterPath, _ parts: [Substring]) -> Bool {
        path.components.count == parts.count && zip(path.components, parts).allSatisfy { $0 ~= $1 }
    }
}
