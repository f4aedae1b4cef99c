/// What one part has measured.
struct Section: Sendable {
    let title: String
    let notes: String
    let goals: [Goal]
    let figures: Figures
}
