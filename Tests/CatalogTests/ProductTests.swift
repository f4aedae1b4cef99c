import Catalog
import Commerce
import EventSourcing
import EventSourcingTesting
import Testing

private let chai = ProductDetails(
    sku: SKU(rawValue: "CHAI-20"), name: "Chai, 20 bags", price: usd(1_800), taxClass: .reduced)
private let created = ProductEvent.created(
    ProductCreated(sku: chai.sku, name: chai.name, price: chai.price, taxClass: .reduced))
private let withdrawn = ProductEvent.withdrawn(ProductWithdrawn(sku: chai.sku))

private func usd(_ minorUnits: Int) -> Money { Money(minorUnits: minorUnits, currency: Currency(rawValue: "USD")) }

private func chai(named name: String) -> ProductDetails {
    var details = chai
    details.name = name
    return details
}

private func chai(for price: Money) -> ProductDetails {
    var details = chai
    details.price = price
    return details
}

@Suite struct `A new product` {
    @Test func `goes on sale`() {
        let outcome = Scenario<Product>.givenNothing().when(.create(chai))
        outcome.then(created)
        #expect(outcome.state == .onSale(chai))
    }

    @Test func `may cost nothing`() {
        let free = chai(for: usd(0))
        let outcome = Scenario<Product>.givenNothing().when(.create(free))
        #expect(outcome.state == .onSale(free))
    }

    @Test func `does not cost less than nothing`() {
        Scenario<Product>.givenNothing().when(.create(chai(for: usd(-1)))).thenRefused(.negativePrice)
    }

    @Test(arguments: ["", " ", "\n\t", "tea\0", "tea\u{1b}[31m", String(repeating: "x", count: 201)])
    func `has a name that people can read`(_ name: String) {
        Scenario<Product>.givenNothing().when(.create(chai(named: name))).thenRefused(.invalidName)
    }

    @Test(arguments: ["x", "Côte de Blaye", "ティー 🍵", String(repeating: "é", count: 200)])
    func `has a name of any letters`(_ name: String) {
        let outcome = Scenario<Product>.givenNothing().when(.create(chai(named: name)))
        #expect(outcome.state == .onSale(chai(named: name)))
    }

    @Test func `must be there to be changed`() {
        Scenario<Product>.givenNothing().when(.reprice(usd(1))).thenRefused(.unknown)
        Scenario<Product>.givenNothing().when(.withdraw(reason: nil)).thenRefused(.unknown)
    }
}

@Suite struct `A product on sale` {
    @Test func `is not created twice`() {
        Scenario<Product>.given(created).when(.create(chai)).thenNothing()
    }

    @Test func `does not share its SKU`() {
        Scenario<Product>.given(created).when(.create(chai(named: "Chang"))).thenRefused(.alreadyExists)
    }

    @Test func `gets a new price`() {
        let outcome = Scenario<Product>.given(created).when(.reprice(usd(1_950)))
        outcome.then(.repriced(ProductRepriced(sku: chai.sku, price: usd(1_950))))
        #expect(outcome.state == .onSale(chai(for: usd(1_950))))
    }

    @Test func `keeps a price that it has`() {
        Scenario<Product>.given(created).when(.reprice(chai.price)).thenNothing()
    }

    @Test(arguments: [-1, Int.min])
    func `gets no negative price`(_ price: Int) {
        Scenario<Product>.given(created).when(.reprice(usd(price))).thenRefused(.negativePrice)
    }

    @Test func `is withdrawn`() {
        let outcome = Scenario<Product>.given(created).when(.withdraw(reason: "the supplier has closed"))
        outcome.then(.withdrawn(ProductWithdrawn(sku: chai.sku, reason: "the supplier has closed")))
        #expect(outcome.state == .withdrawn(chai))
    }

    @Test func `is withdrawn without a reason, but not with an empty one`() {
        Scenario<Product>.given(created).when(.withdraw(reason: nil)).then(withdrawn)
        Scenario<Product>.given(created).when(.withdraw(reason: " ")).thenRefused(.invalidReason)
    }
}

@Suite struct `A withdrawn product` {
    @Test func `is not withdrawn twice`() {
        Scenario<Product>.given(created, withdrawn).when(.withdraw(reason: "again")).thenNothing()
    }

    @Test func `does not change and does not come back`() {
        Scenario<Product>.given(created, withdrawn).when(.reprice(usd(1))).thenRefused(.withdrawn)
        Scenario<Product>.given(created, withdrawn).when(.create(chai)).thenRefused(.withdrawn)
    }
}

@Suite struct `A product's history` {
    @Test func `is folded whatever it holds`() {
        let repriced = ProductEvent.repriced(ProductRepriced(sku: chai.sku, price: usd(5)))
        #expect(Product(folding: [repriced, withdrawn]) == .unknown)
        #expect(Product(folding: [created, withdrawn, repriced, withdrawn]) == .withdrawn(chai))
    }
}

@Suite struct `A product's refusals` {
    @Test(arguments: [
        (Product.Refusal.unknown, "unknown"), (.alreadyExists, "alreadyExists"), (.withdrawn, "withdrawn"),
        (.negativePrice, "negativePrice"), (.invalidName, "invalidName"), (.invalidReason, "invalidReason"),
    ])
    func `have codes that stay, and a detail for people`(_ refusal: Product.Refusal, _ code: String) {
        #expect(refusal.code == code)
        #expect(refusal.description.contains(" ") && !refusal.description.hasSuffix("."))
    }
}
