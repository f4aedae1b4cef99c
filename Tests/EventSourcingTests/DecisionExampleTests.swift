import EventSourcing
import EventSourcingTesting
import Testing

@Suite struct DecisionExampleTests {
    private let swift = StreamCategory("course").stream("swift")
    private let ann = StreamCategory("student").stream("ann")

    @Test func `a course that is full takes nobody`() throws {
        let full = try DecisionScenario.given(CourseEvent.courseOffered("swift", places: 1), in: swift)
            .given(CourseEvent.placeTaken(course: "swift", student: "bob"), in: StreamCategory("student").stream("bob"))
        try full.when(TakePlace(course: "swift", student: "ann")).thenRefused(.full)
        try full.when(TakePlace(course: "swift", student: "bob")).thenNothing()
        try DecisionScenario.given(CourseEvent.courseOffered("swift", places: 1), in: swift)
            .when(TakePlace(course: "swift", student: "ann"))
            .then(.placeTaken(course: "swift", student: "ann"), in: ann)
    }

    @Test func `a student takes three courses at most`() throws {
        try DecisionScenario.given(CourseEvent.courseOffered("swift", places: 9), in: swift)
            .given(
                CourseEvent.placeTaken(course: "go", student: "ann"), .placeTaken(course: "c", student: "ann"),
                .placeTaken(course: "ada", student: "ann"), in: ann
            )
            .when(TakePlace(course: "swift", student: "ann")).thenRefused(.tooManyCourses)
    }

    @Test func `there is no place in a course that nobody offers`() throws {
        try DecisionScenario.givenNothing().when(TakePlace(course: "swift", student: "ann")).thenRefused(.noSuchCourse)
    }

    @Test func `a place is taken once`() async throws {
        let store = InMemoryEventStore()
        let commands = CommandExecutor(store: store)
        let context = CommandContext(actor: "ann")
        _ = try await store.append(
            [NewEvent(CourseEvent.courseOffered("swift", places: 1), metadata: context.asMetadata)], to: swift,
            expecting: .noStream)
        let receipt = try await commands.execute(TakePlace(course: "swift", student: "ann"), context)
        #expect(receipt.streams.map(\.stream) == [ann])
    }
}

extension CommandContext {
    fileprivate var asMetadata: EventMetadata { EventMetadata(correlationID: correlationID, actor: actor) }
}

@Suite struct TakePlaceTests {
    @Test func `a course has so many places`() throws {
        try DecisionScenario
            .given(CourseEvent.courseOffered("swift", places: 1), in: StreamCategory("course").stream("swift"))
            .given(CourseEvent.placeTaken(course: "swift", student: "bob"), in: StreamCategory("student").stream("bob"))
            .when(TakePlace(course: "swift", student: "ann"))
            .thenRefused(.full)
    }
}
