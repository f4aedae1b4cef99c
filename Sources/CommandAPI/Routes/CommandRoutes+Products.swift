internal import Catalog
internal import Commerce
internal import HTTPSupport

extension CommandRoutes {
    /// `POST /products`
    @Sendable func createProduct(_ call: CommandCall) async throws -> CommandReply {
        let details = try call.read { fields in
            fields.all(
                fields.required("sku", .sku), fields.required("name", .string), fields.required("price", .money),
                fields.required("taxClass", .taxClass)
            ).map(ProductDetails.init)
        }
        return try await call.execute(.create(details), on: details.sku.rawValue, as: Product.self)
            .created(at: "/products/\(details.sku)")
    }

    /// `POST /products/{sku}/price`
    @Sendable func repriceProduct(_ call: CommandCall) async throws -> CommandReply {
        let sku = try call.identifier("sku", as: SKU.self)
        let price = try call.read { $0.all($0.required("price", .money)) }
        return try await call.execute(.reprice(price), on: sku.rawValue, as: Product.self)
    }

    /// `POST /products/{sku}/withdraw`
    @Sendable func withdrawProduct(_ call: CommandCall) async throws -> CommandReply {
        let sku = try call.identifier("sku", as: SKU.self)
        let reason = try call.read { $0.all($0.optional("reason", .string)) }
        return try await call.execute(.withdraw(reason: reason), on: sku.rawValue, as: Product.self)
    }
}
