import EventSourcing

enum SeatEvent: EventPayload, Codable, Hashable { case booked(by: String), freed }
extension SeatEvent { static let eventTypes: [EventType]? = ["booked", "freed"] }
struct Seat: Aggregate {
    enum Command { case book(by: String), free }
    enum Refusal: String, BusinessRefusal { case taken }
    static let category: StreamCategory = "seat"
    var guest: String?
    func decide(_ command: Command) throws(Refusal) -> [SeatEvent] {
        guard case .book(let name) = command else { return guest == nil ? [] : [.freed] }
        if guest == nil { return [.booked(by: name)] } else { throw .taken }
    }
    mutating func apply(_ event: SeatEvent) { guest = if case .booked(let name) = event { name } else { nil } }
}

struct Demand: Projection {
    static let name: ProjectionName = "demand", version = 1
    var bookings = 0
    mutating func apply(_ event: Recorded<SeatEvent>) { bookings += event.payload == .freed ? 0 : 1 }
}

struct Sale: Saga {
    static let name: SagaName = "sale", version = 1
    static func key(startedBy event: Recorded<SeatEvent>) -> String? { event.payload == .freed ? nil : "\(event.id)" }
    let steps: [SagaStep<SeatEvent>] = [
        SagaStep("book", .compensatable, action: nil) { try await $1.execute(.free, on: $0.stream.id, as: Seat.self) },
        SagaStep("charge", .pivot) { try await charge($0.payload, idempotencyKey: $1.idempotencyKey) },
    ]
}
