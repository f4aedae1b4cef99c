import EventSourcing

enum CourseEvent: EventPayload, Codable, Hashable {
    case courseOffered(String, places: Int)
    case placeTaken(course: String, student: String)
    static let eventTypes: [EventType]? = ["courseOffered", "placeTaken"]

    /// What decisions find the event by, whatever stream it is in.
    var tags: Set<EventTag> {
        switch self {
        case .courseOffered(let course, _): [EventTag("course", course)]
        case .placeTaken(let course, let student): [EventTag("course", course), EventTag("student", student)]
        }
    }
}

/// A student takes a place: a course has so many places, and a student takes at most three courses.
struct TakePlace: Decision {
    typealias Event = CourseEvent
    enum Refusal: String, BusinessRefusal {
        case noSuchCourse, full, tooManyCourses
        var code: String { rawValue }
        var description: String { "the course office says \(rawValue)" }
    }

    let course: String
    let student: String
    private var places: Int?
    private var taken = 0
    private var courses: Set<String> = []

    init(course: String, student: String) {
        self.course = course
        self.student = student
    }

    /// The course with all its places, and all places of the student.
    var query: EventQuery {
        EventQuery([.init(tags: [EventTag("course", course)]), .init(tags: [EventTag("student", student)])])
    }
    mutating func apply(_ recorded: Recorded<CourseEvent>) {
        switch recorded.payload {
        case .courseOffered(_, let places): self.places = places
        case .placeTaken(let course, let student):
            if course == self.course { taken += 1 }
            if student == self.student { courses.insert(course) }
        }
    }
    func decide() throws(Refusal) -> [DecidedEvents<CourseEvent>] {
        guard let places else { throw .noSuchCourse }
        guard !courses.contains(course) else { return [] }  // it is already so
        guard taken < places else { throw .full }
        guard courses.count < 3 else { throw .tooManyCourses }
        return [
            DecidedEvents(
                .placeTaken(course: course, student: student), to: StreamCategory("student").stream(student))
        ]
    }
}
