internal import Commerce
internal import HTTPSupport
internal import Hummingbird
internal import PostgresClient

extension QueryRoutes {
    /// `GET /products/{sku}`
    @Sendable func product(_ request: APIRequest) async throws -> Response {
        let sku = try request.identifier("sku", as: SKU.self)
        try await gate.wait(request, for: readModels.products)
        guard let product = try await Document.find(sku.rawValue, in: "products", pool) else {
            throw Problem.notFound("There is no product with this SKU.")
        }
        return product.response(to: request, tag: EntityTag(product.revision))
    }

    /// `GET /products`
    @Sendable func products(_ request: APIRequest) async throws -> Response {
        let query = try request.query("limit", "cursor")
        let limit = try query.integer("limit", in: 1...200) ?? 50
        let after = try query.cursor(list: "products", count: 1)
        try await gate.wait(request, for: readModels.products)
        let rows = try await productRows(after: after?.parts[0] ?? "", limit: limit)
        let next = rows.count == limit ? rows.last.map { PageCursor(list: "products", parts: [$0.sku]) } : nil
        return .json(page("products", rows.map(\.document), next: next))
    }

    private func productRows(after sku: String, limit: Int) async throws -> [(sku: String, document: [UInt8])] {
        try await pool.run { session in
            let rows = try session.execute(
                "SELECT key, document::text FROM read_models.products WHERE key > $1 ORDER BY key LIMIT $2",
                [.text(sku), .int64(Int64(limit))])
            return (0..<rows.rowCount).map { (rows.text($0, 0), rows.bytes($0, 1)) }
        }
    }

    /// `GET /stock/{location}/{sku}`
    @Sendable func stockLevel(_ request: APIRequest) async throws -> Response {
        let location = try request.identifier("location", as: LocationID.self)
        let sku = try request.identifier("sku", as: SKU.self)
        try await gate.wait(request, for: readModels.stockLevels)
        guard let level = try await Document.find("\(sku)@\(location)", in: "stock_levels", pool) else {
            throw Problem.notFound("There was never anything of this SKU at this location.")
        }
        return level.response(to: request, tag: EntityTag(level.revision))
    }
}
