/// Everything that a run has found out, and where.
struct Report: Sendable {
    let background: [Facts]
    var sections: [Section] = []
}
