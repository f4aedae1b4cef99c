import EventSourcing
import EventSourcingTesting
import SagaEngine
import Testing

/// The payment provider of the README's example: Eve's card is refused.
@Sendable func charge(_ event: SeatEvent, idempotencyKey: String) async throws {
    if event == .booked(by: "eve") { throw SagaRefusal(code: "declined", reason: "the card was declined") }
}

private let seat = Seat.category.stream("12A")

@Suite struct SeatTests {
    @Test func `a free seat can be booked`() {
        Scenario<Seat>.givenNothing().when(.book(by: "ann")).then(.booked(by: "ann"))
        Scenario<Seat>.given(.booked(by: "eve"), .freed).when(.book(by: "ann")).then(.booked(by: "ann"))
    }

    @Test func `a seat that is taken is refused`() {
        Scenario<Seat>.given(.booked(by: "eve")).when(.book(by: "ann")).thenRefused(.taken)
    }

    @Test func `freeing a seat twice changes nothing`() {
        Scenario<Seat>.given(.booked(by: "eve")).when(.free).then(.freed)
        Scenario<Seat>.given(.booked(by: "eve"), .freed).when(.free).thenNothing()
    }
}

@Suite struct DemandTests {
    @Test func `counts how often a seat was booked`() throws {
        try ProjectionScenario<Demand>()
            .given(SeatEvent.booked(by: "eve"), in: seat)
            .given(SeatEvent.freed, in: seat)
            .given(SeatEvent.booked(by: "ann"), in: seat)
            .then("12A") { $0.bookings == 2 }
    }
}

@Suite struct SaleTests {
    @Test func `who pays keeps the seat`() async throws {
        let outcome = try await SagaScenario { _ in Sale() }.when(SeatEvent.booked(by: "ann"), in: seat)
        outcome.thenPhase(.completed)
        try await outcome.then(SeatEvent.booked(by: "ann"), in: seat)
    }

    @Test func `who cannot pay loses it again`() async throws {
        let outcome = try await SagaScenario { _ in Sale() }.when(SeatEvent.booked(by: "eve"), in: seat)
        outcome.thenPhase(.compensated(SagaRefusal(code: "declined", reason: "the card was declined")))
        try await outcome.then(SeatEvent.booked(by: "eve"), .freed, in: seat)
    }

    @Test func `a seat that is freed is not sold`() async throws {
        let outcome = try await SagaScenario { _ in Sale() }.when(SeatEvent.freed, in: seat)
        outcome.thenPhase(.notStarted)
    }
}
