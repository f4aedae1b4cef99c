import EventSourcing
import EventSourcingTesting
import Foundation
import Testing

@Suite struct DecisionExampleTests {
    private let swift = StreamCategory("course").stream("swift")
    private let ann = StreamCategory("student").stream("ann")

    /// The example is compiled here, so that it cannot rot there.
    @Test func `is what the guide shows`() throws {
        let here = URL(filePath: #filePath)
        let guide = here.deletingLastPathComponent().appending(path: "../../docs/guides/swift-teams.md").standardized
        let example = here.deletingLastPathComponent().appending(path: "DecisionExample.swift")
        #expect(try String(contentsOf: guide, encoding: .utf8).contains(String(contentsOf: example, encoding: .utf8)))
    }

    @Test func `a course has so many places`() throws {
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
}
