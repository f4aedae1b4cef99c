import EventSourcing
import Testing

@testable import SagaEngine

/// Four steps: two that can be undone, the pivot, and one that may not be refused.
private let plan = SagaPlan(steps: [
    .init(name: "flight", isRetriable: false, canBeUndone: true, retryBudget: .seconds(1)),
    .init(name: "hotel", isRetriable: false, canBeUndone: true, retryBudget: .seconds(1)),
    .init(name: "charge", isRetriable: false, canBeUndone: false, retryBudget: .seconds(1)),
    .init(name: "ticket", isRetriable: true, canBeUndone: false, retryBudget: .seconds(1)),
])

private let flightDone = [started, intended("flight"), done("flight")]
private let hotelIntended = flightDone + [intended("hotel")]
private let hotelRefused = hotelIntended + [refused("hotel")]
private let chargeIntended = hotelIntended + [done("hotel"), intended("charge")]
private let ticketIntended = chargeIntended + [done("charge"), intended("ticket")]

@Suite struct `What a saga does next` {
    struct Row: Sendable {
        let history: [SagaEvent]
        let move: SagaPlan.Move

        init(_ history: [SagaEvent], _ move: SagaPlan.Move) {
            self.history = history
            self.move = move
        }
    }

    @Test(arguments: [
        Row([], .nothing),
        Row([started], .record([intended("flight")])),
        Row([started, intended("flight")], .perform("flight")),
        Row(flightDone, .record([intended("hotel")])),
        Row(hotelIntended, .perform("hotel")),
        Row(hotelIntended + [failed("hotel")], .perform("hotel")),
        Row(chargeIntended, .perform("charge")),
        Row(ticketIntended, .perform("ticket")),
        Row(ticketIntended + [done("ticket")], .record([completed])),
        Row(ticketIntended + [done("ticket"), completed], .nothing),
    ])
    func `goes forward step by step`(_ row: Row) {
        #expect(plan.move(state(row.history)) == row.move)
    }

    @Test(arguments: [
        Row(hotelRefused, .undo("hotel", soldOut)),
        Row(hotelRefused + [failed("hotel")], .undo("hotel", soldOut)),
        Row(hotelRefused + [undone("hotel")], .undo("flight", soldOut)),
        Row(hotelRefused + [undone("hotel"), undone("flight")], .record([compensated()])),
        Row(hotelRefused + [undone("hotel"), undone("flight"), compensated()], .nothing),
        // The pivot itself has nothing to undo.
        Row(chargeIntended + [refused("charge")], .undo("hotel", soldOut)),
    ])
    func `goes back in reverse order`(_ row: Row) {
        #expect(plan.move(state(row.history)) == row.move)
    }

    @Test(arguments: [
        Row(hotelIntended + [quarantined("hotel")], .wait),
        Row(hotelRefused + [quarantined("hotel")], .wait),
        Row(hotelIntended + [quarantined("hotel"), resumed], .perform("hotel")),
        Row(hotelRefused + [quarantined("hotel"), resumed], .undo("hotel", soldOut)),
        Row(hotelIntended + [quarantined("hotel"), skipped("hotel")], .record([intended("charge")])),
        Row(ticketIntended + [quarantined("ticket"), skipped("ticket")], .record([completed])),
        Row(hotelRefused + [quarantined("hotel"), skipped("hotel")], .undo("flight", soldOut)),
    ])
    func `waits for an operator, and does what that one says`(_ row: Row) {
        #expect(plan.move(state(row.history)) == row.move)
    }

    @Test func `leaves out no undo of a step that has another name now`() {
        let history = [started, intended("coach"), done("coach"), intended("hotel"), refused("hotel"), undone("hotel")]
        #expect(plan.move(state(history)) == .undo("coach", soldOut))
        let events = plan.failed(
            state(history), error: "no answer", delay: .zero, now: Timestamp(microsecondsSince1970: 0))
        #expect(events == [quarantined("coach")])
    }

    @Test func `does not begin again behind a step that has another name now`() {
        let move = plan.move(state(flightDone + [intended("hostel"), done("hostel")]))
        guard case .record(let events) = move, case .quarantined(let quarantine)? = events.first else {
            Issue.record("it waits for an operator, and is not to \(move)")
            return
        }
        #expect(events.count == 1)
        #expect(quarantine.step == "hostel")
        #expect(quarantine.canBeSkipped == false)
    }

    @Test func `intends the next step in the epoch of the operator's last word`() {
        let history = hotelIntended + [quarantined("hotel"), resumed, done("hotel")]
        #expect(plan.move(state(history)) == .record([intended("charge", epoch: 2)]))
    }
}

@Suite struct `What a saga records` {
    struct Row: Sendable {
        let history: [SagaEvent]
        let recorded: [SagaEvent]

        init(_ history: [SagaEvent], _ recorded: [SagaEvent]) {
            self.history = history
            self.recorded = recorded
        }
    }

    @Test(arguments: [
        Row([started, intended("flight")], [done("flight"), intended("hotel")]),
        Row(ticketIntended, [done("ticket"), completed]),
        Row(hotelRefused, [undone("hotel")]),
        Row(hotelRefused + [undone("hotel")], [undone("flight"), compensated()]),
        Row(hotelIntended + [quarantined("hotel")], []),
        Row([], []),
    ])
    func `after work that succeeded is its end and what follows`(_ row: Row) {
        #expect(plan.succeeded(state(row.history)) == row.recorded)
    }

    @Test(arguments: [
        Row(hotelIntended, [refused("hotel")]),
        Row(chargeIntended, [refused("charge")]),
        Row(ticketIntended, [quarantined("ticket", "refused: everything is sold")]),
        Row(hotelRefused, [quarantined("hotel", "refused: everything is sold")]),
        Row(hotelIntended + [quarantined("hotel")], []),
    ])
    func `after a refusal is a turn, or a call for an operator`(_ row: Row) {
        #expect(plan.refused(state(row.history), soldOut) == row.recorded)
    }

    @Test func `after a refusal of a step that nobody else can do says so`() {
        let plan = SagaPlan(steps: [.init(name: "ticket", canBeSkipped: false, isRetriable: true)])
        let call = SagaQuarantined(step: "ticket", error: "refused: everything is sold", canBeSkipped: false)
        #expect(plan.refused(state([started, intended("ticket")]), soldOut) == [.quarantined(call)])
    }

    @Test func `of a saga of one step that is refused with nothing to undo is its end as well`() {
        let plan = SagaPlan(steps: [.init(name: "charge", isRetriable: false, canBeUndone: false, retryBudget: .zero)])
        #expect(plan.refused(state([started, intended("charge")]), soldOut) == [refused("charge"), compensated()])
    }

    @Test(arguments: [hotelIntended, hotelRefused])
    func `after a failure is when to try again`(_ history: [SagaEvent]) {
        let now = Timestamp(microsecondsSince1970: 0)
        let events = plan.failed(state(history), error: "no answer", delay: .milliseconds(80), now: now)
        let retry = SagaStepFailed(
            step: "hotel", attempt: 1, error: "no answer", retryAt: "1970-01-01T00:00:00.080000Z")
        #expect(events == [.stepFailed(retry)])
    }

    /// 100 + 200 + 400 ms are within a second, and 800 ms more are not.
    @Test(arguments: [hotelIntended, hotelRefused])
    func `after the last failure of a budget is a call for an operator`(_ history: [SagaEvent]) {
        let now = Timestamp(microsecondsSince1970: 0)
        let worn = history + (1...3).map { failed("hotel", $0) }
        #expect(plan.failed(state(worn), error: "no answer", delay: .zero, now: now) == [quarantined("hotel")])
        let fresh = worn + [quarantined("hotel"), resumed]
        #expect(plan.failed(state(fresh), error: "no answer", delay: .zero, now: now) != [quarantined("hotel")])
    }

    @Test func `without a budget is a call for an operator at once`() {
        let plan = SagaPlan(steps: [.init(name: "ticket", isRetriable: true, canBeUndone: false, retryBudget: .zero)])
        let events = plan.failed(
            state([started, intended("ticket")]), error: "no answer", delay: .zero,
            now: Timestamp(microsecondsSince1970: 0))
        #expect(events == [quarantined("ticket")])
    }

    @Test(arguments: [[], hotelIntended + [quarantined("hotel")], ticketIntended + [done("ticket"), completed]])
    func `when nothing was under way is nothing`(_ history: [SagaEvent]) {
        let now = Timestamp(microsecondsSince1970: 0)
        #expect(plan.failed(state(history), error: "no answer", delay: .zero, now: now).isEmpty)
    }
}

@Suite struct `A step without work` {
    private let plan = SagaPlan(steps: [
        .init(name: "file", hasAction: false), .init(name: "flight"), .init(name: "archive", hasAction: false),
    ])

    @Test func `is done as soon as it is intended`() {
        #expect(plan.move(state([started, intended("file")])) == .record([done("file")]))
    }

    @Test func `is taken down with what comes before and after it`() {
        #expect(plan.recording([started], state([])) == [started, intended("file"), done("file"), intended("flight")])
        let flight = state([started, intended("file"), done("file"), intended("flight")])
        #expect(plan.succeeded(flight) == [done("flight"), intended("archive"), done("archive"), completed])
    }

    @Test func `is undone in its turn`() {
        let history = [
            started, intended("file"), done("file"), intended("flight"), refused("flight"), undone("flight"),
        ]
        #expect(plan.move(state(history)) == .undo("file", soldOut))
    }
}

@Suite struct `Delays between attempts` {
    @Test(arguments: [
        (1, Duration.milliseconds(100)), (2, .milliseconds(200)), (9, .milliseconds(25_600)), (10, .seconds(30)),
        (64, .seconds(30)), (1_000, .seconds(30)),
    ])
    func `double up to half a minute`(_ attempt: Int, _ delay: Duration) {
        #expect(SagaBackoff.delay(attempt: attempt) == delay)
    }

    @Test(arguments: [(0, Duration.milliseconds(100)), (1, .milliseconds(100)), (3, .milliseconds(700))])
    func `add up`(_ attempts: Int, _ total: Duration) {
        #expect(SagaBackoff.total(attempts: attempts) == total)
    }
}

@Suite struct `The state of a saga` {
    @Test func `holds what an event started`() {
        #expect(state([started]).started?.key == "1")
        #expect(state([started]).phase == .forward)
    }

    @Test func `holds the steps whose effects may exist, in their order`() {
        #expect(state(chargeIntended).intended == ["flight", "hotel", "charge"])
        #expect(state(hotelRefused + [undone("hotel")]).intended == ["flight"])
    }

    @Test func `counts the failures of the current work alone`() {
        #expect(state(hotelIntended + [failed("hotel"), failed("hotel", 2)]).failedAttempts == 2)
        #expect(state(hotelIntended + [failed("hotel"), done("hotel")]).failedAttempts == 0)
        #expect(state(hotelIntended + [failed("hotel"), refused("hotel")]).failedAttempts == 0)
        #expect(state(hotelRefused + [failed("hotel"), undone("hotel")]).failedAttempts == 0)
    }

    @Test func `raises its epoch when an operator lets it try again`() {
        #expect(state(hotelIntended).epoch == 1)
        #expect(state(hotelIntended + [quarantined("hotel"), resumed]).epoch == 2)
        #expect(state(hotelIntended + [quarantined("hotel"), skipped("hotel")]).epoch == 1)
    }

    @Test func `ends once everything is done or undone`() {
        #expect(!state(ticketIntended).hasEnded)
        #expect(state(ticketIntended + [done("ticket"), completed]).hasEnded)
        #expect(state(hotelRefused + [undone("hotel"), undone("flight"), compensated()]).hasEnded)
        #expect(!state(hotelIntended + [quarantined("hotel")]).hasEnded)
    }
}
