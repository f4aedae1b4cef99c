public import Commerce

/// What a customer wants to buy.
public struct PlaceOrder: Sendable, Hashable {
    public var orderID: OrderID
    public var customerID: CustomerID
    /// The business date of the order.
    public var placedOn: CalendarDate
    /// 1 to ``linesMax``, each with a SKU and a location of its own.
    public var lines: [OrderPlaced.Line]
    /// What is taken off the sum of the lines: zero up to that sum.
    public var discount: Money
    /// What the customer was shown: the sum of the lines, less the discount.
    public var total: Money
    /// Stands for the card at the payment provider; may be empty when there is nothing to pay.
    public var cardToken: String

    public static let linesMax = 100
    /// The most units of one line.
    public static let quantityMax = 10_000

    public init(
        orderID: OrderID, customerID: CustomerID, placedOn: CalendarDate, lines: [OrderPlaced.Line], discount: Money,
        total: Money, cardToken: String
    ) {
        self.orderID = orderID
        self.customerID = customerID
        self.placedOn = placedOn
        self.lines = lines
        self.discount = discount
        self.total = total
        self.cardToken = cardToken
    }

    var placed: OrderPlaced {
        OrderPlaced(
            orderID: orderID, customerID: customerID, placedOn: placedOn, lines: lines, discount: discount,
            total: total, cardToken: cardToken)
    }
}
