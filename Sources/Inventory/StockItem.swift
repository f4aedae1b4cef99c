public import Commerce

/// What is counted, and where: the two parts of a stock's id.
public struct StockItem: Sendable, Hashable, Codable {
    public let sku: SKU
    public let location: LocationID

    public init(sku: SKU, location: LocationID) {
        self.sku = sku
        self.location = location
    }

    /// `<SKU>@<location>`; neither part can hold an `@`.
    public var id: String { "\(sku)@\(location)" }
}

extension Stock {
    /// The id of the stock of `sku` at `location`.
    public static func id(_ sku: SKU, _ location: LocationID) -> String { StockItem(sku: sku, location: location).id }
}
