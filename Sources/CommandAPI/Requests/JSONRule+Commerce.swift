internal import Catalog
internal import Commerce
internal import HTTPSupport

extension JSONRule where Value == SKU {
    static var sku: JSONRule { .text("a SKU: \(identifierForm)") { SKU(validating: $0) } }
}

extension JSONRule where Value == LocationID {
    static var location: JSONRule { .text("a location: \(identifierForm)") { LocationID(validating: $0) } }
}

extension JSONRule where Value == CustomerID {
    static var customer: JSONRule { .text("a customer id: \(identifierForm)") { CustomerID(validating: $0) } }
}

extension JSONRule where Value == OrderNumber {
    static var orderNumber: JSONRule {
        .text("an order number: 1 to 40 characters of A-Z a-z 0-9 . _ / -") { OrderNumber(validating: $0) }
    }
}

extension JSONRule where Value == CalendarDate {
    static var day: JSONRule { .text("a day such as 2026-01-31") { CalendarDate(validating: $0) } }
}

extension JSONRule where Value == Currency {
    static var currency: JSONRule { .text("a currency such as USD") { Currency(validating: $0) } }
}

extension JSONRule where Value == Money {
    /// Whether an amount may be negative is the domain's to say.
    static var money: JSONRule {
        .object { fields in
            fields.all(
                fields.required("minorUnits", .integer(in: -Money.minorUnitsMax...Money.minorUnitsMax)),
                fields.required("currency", .currency)
            ).map(Money.init)
        }
    }
}

extension JSONRule where Value == ProductCreated.TaxClass {
    static var taxClass: JSONRule {
        let all = Value.allCases.map(\.rawValue).joined(separator: ", ")
        return text("one of \(all)") { Value(rawValue: $0) }
    }
}

extension Money {
    /// The largest amount that is taken from outside: sums of millions of them still fit 64 bits, in read models, too.
    static let minorUnitsMax = 1_000_000_000_000
}

let identifierForm = "1 to 64 characters of A-Z a-z 0-9 . _ -"

extension CommandCall {
    /// An identifier in the path. Nothing can be found under one that is malformed.
    func identifier<ID: TextIdentifier>(_ name: Substring, as _: ID.Type = ID.self) throws(Problem) -> ID {
        guard let id = ID(validating: try parameter(name)) else {
            throw .notFound("There is nothing at this address: an identifier is \(identifierForm).")
        }
        return id
    }
}
