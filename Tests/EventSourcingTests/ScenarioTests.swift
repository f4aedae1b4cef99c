import EventSourcing
import EventSourcingTesting
import SagaEngine
import Testing

/// Says that it is of one type, and is of two.
private enum BoxEvent: EventPayload, Codable, Hashable {
    case listed, forgotten
    static let eventTypes: [EventType]? = ["listed"]
}

private struct Box: Aggregate {
    enum Command: Sendable {
        case list, forget
    }

    enum Refusal: String, BusinessRefusal {
        case never
    }

    static let category: StreamCategory = "box"

    init() {}

    mutating func apply(_ event: BoxEvent) {}

    func decide(_ command: Command) throws(Refusal) -> [BoxEvent] {
        switch command {
        case .list: [.listed]
        case .forget: [.forgotten]
        }
    }
}

private struct Contents: Projection {
    static let name: ProjectionName = "contents"
    static let version = 1

    var revisions: [Int64] = []

    mutating func apply(_ recorded: Recorded<BoxEvent>) { revisions.append(recorded.event.revision.rawValue) }
}

private struct Packing: Saga {
    static let name: SagaName = "packing"
    static let version = 1

    static func key(startedBy event: Recorded<BoxEvent>) -> String? { event.stream.id }

    let steps: [SagaStep<BoxEvent>] = [SagaStep("pack", .pivot, action: { _, _ in })]
}

@Suite struct `A scenario with a type of events that its enumeration does not list` {
    private let box = Box.category.stream("1")

    @Test func `fails when it is decided`() {
        withKnownIssue {
            Scenario<Box>.givenNothing().when(.forget).then(.forgotten)
        } matching: { issue in
            issue.comments.contains { $0.rawValue.contains("lacks 'forgotten'") }
        }
    }

    @Test func `fails when it has happened`() {
        withKnownIssue {
            Scenario<Box>.given(.listed, .forgotten).when(.list).then(.listed)
        } matching: { issue in
            issue.comments.contains { $0.rawValue.contains("lacks 'forgotten'") }
        }
    }

    @Test func `passes without it`() {
        Scenario<Box>.given(.listed).when(.list).then(.listed)
    }

    @Test func `gives it to no projection, which sees the revisions of the others`() throws {
        try ProjectionScenario<Contents>().given(BoxEvent.forgotten, in: box).thenNoRow("1")
        let scenario = try ProjectionScenario<Contents>()
            .given(BoxEvent.listed, in: box)
            .given(BoxEvent.forgotten, in: box)
            .given(BoxEvent.listed, in: Box.category.stream("2"))
            .given(BoxEvent.listed, in: box)
        scenario.then("1") { $0.revisions == [0, 2] }
        scenario.then("2") { $0.revisions == [0] }
    }

    @Test func `starts no saga with it`() async throws {
        let none = try await SagaScenario { _ in Packing() }.when(BoxEvent.forgotten, in: box)
        none.thenPhase(.notStarted)
        let one = try await SagaScenario { _ in Packing() }.when(BoxEvent.listed, in: box)
        one.thenPhase(.completed)
    }
}
