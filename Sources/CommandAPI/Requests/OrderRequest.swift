internal import Commerce
internal import EventSourcing
internal import HTTPSupport
internal import Orders

/// What a client asks for by `POST /orders`.
struct OrderRequest {
    /// One product from one place; its price is the catalogue's.
    struct Line: Sendable {
        let sku: SKU
        let location: LocationID
        let quantity: Int
    }

    let customerID: CustomerID
    let number: OrderNumber?
    let lines: [Line]
    let discount: Money?
    let cardToken: String
    let placedOn: CalendarDate?

    init?(_ fields: JSONFields) {
        guard
            let (customerID, number, lines, discount, cardToken, placedOn) = fields.all(
                fields.required("customerId", .customer), fields.optional("orderNumber", .orderNumber),
                fields.required("lines", .array(of: .orderLine, countMax: PlaceOrder.linesMax)),
                fields.optional("discount", .money), fields.optional("cardToken", .string),
                fields.optional("placedOn", .day))
        else { return nil }
        self.customerID = customerID
        self.number = number
        self.lines = lines
        self.discount = discount
        self.cardToken = cardToken ?? ""
        self.placedOn = placedOn
    }

    /// - Throws: 403 when it is for somebody else, or says what only the shop may say.
    func require(allowedTo principal: Principal) throws(Problem) {
        guard let own = principal.ownCustomerOnly(unless: [.staff, .operatorRole]) else { return }
        guard customerID.rawValue == own else { throw .forbidden("You can order for yourself alone.") }
        guard discount == nil, placedOn == nil else { throw .forbidden("Only staff may set discount and placedOn.") }
    }

    /// The order with its prices.
    ///
    /// - Throws: The domain's own complaint about amounts that do not add up.
    func order(_ id: OrderID, lines: [OrderPlaced.Line]) throws(Problem) -> PlaceOrder {
        let currency = lines.first?.unitPrice.currency ?? discount?.currency ?? Currency(rawValue: "XXX")
        let discount = discount ?? .zero(currency)
        let sum: Money
        do throws(MoneyError) { sum = try lines.sum(in: currency) } catch { throw Problem(flaw(error)) }
        let (total, overflow) = sum.minorUnits.subtractingReportingOverflow(discount.minorUnits)
        guard !overflow, total <= Money.minorUnitsMax else { throw Problem(Order.Refusal.invalid(.amountTooLarge)) }
        return PlaceOrder(
            orderID: id, customerID: customerID,
            placedOn: placedOn ?? CalendarDate(rawValue: Timestamp.now.day), lines: lines, discount: discount,
            total: Money(minorUnits: total, currency: currency), cardToken: cardToken)
    }

    private func flaw(_ error: MoneyError) -> Order.Refusal {
        switch error {
        case .currenciesDiffer: .invalid(.mixedCurrencies)
        case .outOfRange: .invalid(.amountTooLarge)
        }
    }
}

extension [OrderPlaced.Line] {
    fileprivate func sum(in currency: Currency) throws(MoneyError) -> Money {
        var sum = Money.zero(currency)
        for line in self { sum = try sum.adding(try line.unitPrice.multiplied(by: line.quantity)) }
        return sum
    }
}

extension JSONRule where Value == OrderRequest.Line {
    fileprivate static var orderLine: JSONRule {
        .object { fields in
            fields.all(
                fields.required("sku", .sku), fields.optional("location", .location),
                fields.required("quantity", .integer(in: 1...PlaceOrder.quantityMax))
            ).map { sku, location, quantity in
                OrderRequest.Line(sku: sku, location: location ?? .main, quantity: quantity)
            }
        }
    }
}
