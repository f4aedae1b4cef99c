internal import Commerce

extension PlaceOrder {
    func check() throws(Flaw) {
        guard !lines.isEmpty else { throw .noLines }
        guard lines.count <= Self.linesMax else { throw .tooManyLines }
        for line in lines { try line.check() }
        try checkPlaces()
        try checkAmounts()
        guard isCardToken(cardToken) || total.isZero && cardToken.isEmpty else { throw .invalidCardToken }
    }

    private func checkPlaces() throws(Flaw) {
        struct Place: Hashable {
            let sku: SKU
            let location: LocationID
        }
        var places: Set<Place> = []
        for line in lines where !places.insert(Place(sku: line.sku, location: line.location)).inserted {
            throw .repeatedLine(line.sku, line.location)
        }
    }

    private func checkAmounts() throws(Flaw) {
        let sum = try sumOfLines()
        guard discount.currency == sum.currency, total.currency == sum.currency else { throw .mixedCurrencies }
        guard (0...sum.minorUnits).contains(discount.minorUnits) else { throw .invalidDiscount(sum: sum) }
        let expected = Money(minorUnits: sum.minorUnits - discount.minorUnits, currency: sum.currency)
        guard total == expected else { throw .wrongTotal(expected: expected) }
    }

    private func sumOfLines() throws(Flaw) -> Money {
        do throws(MoneyError) {
            var sum = Money.zero(total.currency)
            for line in lines { sum = try sum.adding(try line.unitPrice.multiplied(by: line.quantity)) }
            return sum
        } catch {
            switch error {
            case .currenciesDiffer: throw .mixedCurrencies
            case .outOfRange: throw .amountTooLarge
            }
        }
    }
}

extension OrderPlaced.Line {
    fileprivate func check() throws(PlaceOrder.Flaw) {
        guard (1...PlaceOrder.quantityMax).contains(quantity) else { throw .invalidQuantity(sku) }
        guard unitPrice.minorUnits >= 0 else { throw .negativePrice(sku) }
        guard (description ?? "").isText(0...500), (taxClass ?? "").isText(0...64) else { throw .invalidText(sku) }
    }
}

/// A token is 1 to 255 visible ASCII characters. A card number is none, whatever stands between its digits: history
/// keeps what it is given for ever.
private func isCardToken(_ text: String) -> Bool {
    guard (1...255).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
        return false
    }
    let significant = text.filter { $0.isLetter || $0.isNumber }
    return !((12...19).contains(significant.count) && significant.allSatisfy(\.isNumber))
}
