internal import Commerce
internal import HTTPSupport
internal import Inventory

extension CommandRoutes {
    /// `POST /stock/{location}/{sku}/receive`
    @Sendable func receiveStock(_ call: CommandCall) async throws -> CommandReply {
        let item = try call.stockItem()
        let quantity = try call.read { $0.all($0.required("quantity", .integer(in: 1...Stock.quantityMax))) }
        return try await call.execute(.receive(item, quantity: quantity), on: item.id, as: Stock.self)
    }

    /// `POST /stock/{location}/{sku}/adjust`
    @Sendable func adjustStock(_ call: CommandCall) async throws -> CommandReply {
        let item = try call.stockItem()
        let (delta, reason) = try call.read { fields in
            fields.all(
                fields.required("delta", .integer(in: -Stock.quantityMax...Stock.quantityMax)),
                fields.required("reason", .string))
        }
        return try await call.execute(.adjust(item, delta: delta, reason: reason), on: item.id, as: Stock.self)
    }
}

extension CommandCall {
    fileprivate func stockItem() throws(Problem) -> StockItem {
        StockItem(sku: try identifier("sku"), location: try identifier("location"))
    }
}
