/// Named facts about where and how something was measured.
struct Facts: Sendable {
    let title: String
    let entries: [(name: String, value: String)]
}
