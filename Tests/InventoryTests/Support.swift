import Commerce
import Inventory

let item = StockItem(sku: SKU(rawValue: "CHAI-20"), location: LocationID(rawValue: "rotterdam"))
let first = OrderID(rawValue: "10248")
let second = OrderID(rawValue: "10249")

func received(_ quantity: Int) -> StockEvent {
    .received(StockReceived(sku: item.sku, location: item.location, quantity: quantity))
}

func adjusted(_ delta: Int, _ reason: String = "counted") -> StockEvent {
    .adjusted(StockAdjusted(sku: item.sku, location: item.location, delta: delta, reason: reason))
}

func reserved(_ order: OrderID, _ quantity: Int) -> StockEvent {
    .reserved(StockReserved(sku: item.sku, location: item.location, orderID: order, quantity: quantity))
}

func released(_ order: OrderID, _ quantity: Int) -> StockEvent {
    .reservationReleased(
        ReservationReleased(sku: item.sku, location: item.location, orderID: order, quantity: quantity))
}

func committed(_ order: OrderID, _ quantity: Int) -> StockEvent {
    .reservationCommitted(
        ReservationCommitted(sku: item.sku, location: item.location, orderID: order, quantity: quantity))
}

func returned(_ order: OrderID, _ quantity: Int) -> StockEvent {
    .returned(StockReturned(sku: item.sku, location: item.location, orderID: order, quantity: quantity))
}
