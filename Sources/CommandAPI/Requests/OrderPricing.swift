internal import Catalog
internal import Commerce
internal import EventSourcing
internal import HTTPSupport
internal import HTTPTypes
internal import Orders

/// Gives an order's lines the catalogue's prices: a snapshot, which later changes of price leave as it is.
struct OrderPricing {
    private let prices: any PriceSource

    init(_ prices: any PriceSource) { self.prices = prices }

    /// - Throws: 422 when a product cannot be bought, naming every such line.
    func lines(_ lines: [OrderRequest.Line]) async throws -> [OrderPlaced.Line] {
        var priced: [OrderPlaced.Line] = []
        var flaws: [Problem.Flaw] = []
        for (index, line) in lines.enumerated() {
            switch try await product(line.sku) {
            case .onSale(let details): priced.append(line.priced(details))
            case .unknown: flaws.append(.init(.body(pointer: "/lines/\(index)/sku"), "is not a product"))
            case .withdrawn: flaws.append(.init(.body(pointer: "/lines/\(index)/sku"), "was withdrawn from sale"))
            }
        }
        guard flaws.isEmpty else { throw notForSale(flaws) }
        return priced
    }

    private func product(_ sku: SKU) async throws -> Product {
        do {
            return try await prices.product(sku)
        } catch {
            throw try Problem(error, isConditional: false, refusal: Problem.init)
        }
    }

    private func notForSale(_ flaws: [Problem.Flaw]) -> Problem {
        Problem(
            .unprocessableContent, code: "productNotForSale", title: "Command refused",
            detail: "The order has products that cannot be bought. Nothing was changed.", flaws: flaws)
    }
}

extension OrderRequest.Line {
    fileprivate func priced(_ details: ProductDetails) -> OrderPlaced.Line {
        OrderPlaced.Line(
            sku: sku, location: location, quantity: quantity, unitPrice: details.price,
            taxClass: details.taxClass.rawValue, description: details.name)
    }
}
