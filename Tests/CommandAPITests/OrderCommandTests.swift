import Commerce
import EventCodec
import EventSourcing
import HTTPTestSupport
import Orders
import Support
import Testing

struct OrderCommandTests {
    @Test func `places an order at the catalogue's prices`() async throws {
        try await withShop { shop in
            try await shop.createProduct()
            let dayBefore = Timestamp.now.day
            let reply = try await shop.post("/orders", twoDiscs)
            #expect(reply.status == 201)
            let id = reply.json["orderId"]?.string ?? ""
            #expect(reply["location"] == "/orders/\(id)")
            #expect(reply.json["stream"] == .string("order-\(id)"))
            let placed = try await shop.order(id).details
            #expect(placed?.customerID.rawValue == "4711")
            let day = placed?.placedOn.rawValue
            #expect(day == dayBefore || day == Timestamp.now.day, "midnight may have passed")
            #expect(placed?.total == Money(minorUnits: 2354, currency: Currency(rawValue: "USD")))
            #expect(placed?.lines.first?.location.rawValue == "main")
            #expect(placed?.lines.first?.description == "Kind of Blue")
            #expect(placed?.lines.first?.taxClass == "standard")

            _ = try await shop.post("/products/CD-1177/price", ["price": ["minorUnits": 1, "currency": "USD"]])
            #expect(try await shop.order(id).details?.total.minorUnits == 2354)
        }
    }

    @Test func `finds a product that was created a moment ago, and a price that was changed before`() async throws {
        try await withShop(followsPrices: false) { shop in
            try await shop.createProduct()
            #expect(try await shop.post("/orders", twoDiscs).status == 201)

            let price: JSONValue = ["price": ["minorUnits": 999, "currency": "USD"]]
            #expect(try await shop.post("/products/CD-1177/price", price).status == 200)
            let reply = try await shop.post("/orders", twoDiscs)
            #expect(try await shop.order(reply.json["orderId"]?.string ?? "").details?.total.minorUnits == 1998)
        }
        try await withShop { shop in
            for index in 0..<50 {
                try await shop.createProduct("CD-\(index)")
                let order: JSONValue = [
                    "customerId": "4711", "lines": [["sku": .string("CD-\(index)"), "quantity": 1]],
                    "cardToken": "tok_approve",
                ]
                #expect(try await shop.post("/orders", order).status == 201)
            }
        }
    }

    @Test func `names each line that cannot be bought`() async throws {
        try await withShop { shop in
            try await shop.createProduct()
            try await shop.createProduct("CD-OLD")
            _ = try await shop.post("/products/CD-OLD/withdraw", [:])
            try await eventually {
                try await shop.post("/orders", order([["sku": "CD-OLD", "quantity": 1]])).status == 422
            }
            let head = try await shop.store.head()
            let reply = try await shop.post(
                "/orders",
                order([
                    ["sku": "CD-1177", "quantity": 1], ["sku": "CD-NO", "quantity": 1],
                    ["sku": "CD-OLD", "quantity": 1],
                ]))
            #expect(reply.status == 422)
            #expect(reply.code == "productNotForSale")
            #expect(reply.places == ["/lines/1/sku", "/lines/2/sku"])
            #expect(try await shop.store.head() == head)
        }
    }

    @Test func `takes a discount, a day and places from staff`() async throws {
        try await withShop { shop in
            try await shop.createProduct()
            let reply = try await shop.post(
                "/orders",
                [
                    "customerId": "4711", "placedOn": "1997-01-01",
                    "discount": ["minorUnits": 2354, "currency": "USD"],
                    "lines": [
                        ["sku": "CD-1177", "quantity": 1, "location": "north"],
                        ["sku": "CD-1177", "quantity": 1, "location": "south"],
                    ],
                ])
            #expect(reply.status == 201)
            let placed = try await shop.order(reply.json["orderId"]?.string ?? "").details
            #expect(placed?.placedOn.rawValue == "1997-01-01")
            #expect(placed?.total.isZero == true)
            #expect(placed?.cardToken == "")
        }
    }

    @Test func `refuses as orders do`() async throws {
        try await withShop { shop in
            try await shop.createProduct()
            try await shop.createProduct("CD-EUR", currency: "EUR")
            try await shop.createProduct("GOLD", minorUnits: 1_000_000_000_000)
            let line: JSONValue = ["sku": "CD-1177", "quantity": 1]
            for (body, code) in [
                (order([]), "noLines"), (order([line, line]), "repeatedLine"),
                (order([line, ["sku": "CD-EUR", "quantity": 1]]), "mixedCurrencies"),
                (order([["sku": "GOLD", "quantity": 10_000]]), "amountTooLarge"),
                (order([["sku": "GOLD", "quantity": 2]]), "amountTooLarge"),
                (order([line], ["discount": ["minorUnits": 1178, "currency": "USD"]]), "invalidDiscount"),
                (order([line], ["discount": ["minorUnits": -1, "currency": "USD"]]), "invalidDiscount"),
                (order([line], ["discount": ["minorUnits": 1, "currency": "EUR"]]), "mixedCurrencies"),
                (order([line], ["cardToken": "4111 1111 1111 1111"]), "invalidCardToken"),
                (order([line], ["cardToken": nil]), "invalidCardToken"),
            ] {
                let reply = try await shop.post("/orders", body)
                #expect(reply.status == 422, "\(code)")
                #expect(reply.code == code)
            }
        }
    }

    @Test func `cancels and ships`() async throws {
        try await withShop { shop in
            try await shop.createProduct()
            let id = try await shop.placeOrder()
            let early = try await shop.post("/orders/\(id)/ship", ["tracking": "T-1"])
            #expect(early.status == 409)
            #expect(early.code == "notConfirmed")
            try await shop.confirm(id)
            #expect(try await shop.post("/orders/\(id)/ship", ["tracking": "T-1", "carrier": "Post"]).status == 200)
            #expect(try await shop.order(id).shipment?.carrier == "Post")
            let late = try await shop.post("/orders/\(id)/cancel", ["reason": "Ordered twice"])
            #expect(late.status == 409)
            #expect(late.code == "alreadyShipped")

            let other = try await shop.placeOrder()
            #expect(try await shop.post("/orders/\(other)/cancel", ["reason": "Ordered twice"]).status == 200)
            #expect(try await shop.order(other).status == .cancelled)
        }
    }

    @Test(arguments: ["cancel", "ship"])
    func `does not know an order that was never placed`(command: String) async throws {
        try await withShop { shop in
            let body: JSONValue = command == "ship" ? ["tracking": "T-1"] : ["reason": "None"]
            let reply = try await shop.post("/orders/4711/\(command)", body)
            #expect(reply.status == 404)
            #expect(reply.code == "notPlaced")
        }
    }
}

/// An order of `lines`, with `more` in place of what is usual.
private func order(_ lines: [JSONValue], _ more: JSONObject = [:]) -> JSONValue {
    var order: JSONObject = ["customerId": "4711", "lines": .array(lines), "cardToken": "tok_approve"]
    for member in more { order[member.key] = member.value }
    return .object(order)
}
