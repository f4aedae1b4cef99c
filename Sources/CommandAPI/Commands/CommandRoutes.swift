internal import EventSourcing
internal import HTTPSupport
internal import HTTPTypes
internal import Hummingbird
internal import Payments

/// Every command, with its address and who may send it.
struct CommandRoutes: Sendable {
    let commands: any CommandPort
    let payments: PaymentService
    let prices: any PriceSource
    let locationBase: String
    private let running = RunningCommands()

    init(commands: any CommandPort, payments: PaymentService, prices: any PriceSource, locationBase: String) {
        self.commands = commands
        self.payments = payments
        self.prices = prices
        self.locationBase = locationBase
    }

    func add(to routes: APIRoutes) {
        let shop: Roles = [.staff, .operatorRole]
        let buyers: Roles = [.customer, .staff, .operatorRole]
        post("products", for: shop, on: routes, createProduct)
        post("products/{sku}/price", for: shop, on: routes, repriceProduct)
        post("products/{sku}/withdraw", for: shop, on: routes, withdrawProduct)
        post("stock/{location}/{sku}/receive", for: shop, on: routes, receiveStock)
        post("stock/{location}/{sku}/adjust", for: shop, on: routes, adjustStock)
        post("orders", for: buyers, on: routes, placeOrder)
        post("orders/{id}/cancel", for: buyers, on: routes, cancelOrder)
        post("orders/{id}/ship", for: shop, on: routes, shipOrder)
        post("payments/{orderId}/refunds", for: shop, on: routes, refundPayment)
    }

    private func post(
        _ path: RouterPath, for roles: Roles, on routes: APIRoutes,
        _ carryOut: @escaping @Sendable (CommandCall) async throws -> CommandReply
    ) {
        routes.on(.post, path, for: roles) { request in
            let call = try await CommandCall(request, commands)
            let reply = try await running.once(call.context.commandID) { try await carryOut(call) }
            return reply.response(locationBase: locationBase)
        }
    }
}
