/// Rows in columns that line up, for people.
public struct Table: Sendable {
    private let header: [String]
    private var rows: [[String]] = []

    public init(_ header: String...) { self.header = header }

    /// - Parameter row: One cell for each column; control characters in it are shown and not obeyed.
    public mutating func add(_ row: String...) {
        precondition(row.count == header.count, "a row has as many cells as the header")
        rows.append(row.map(\.escapingControls))
    }

    public var rendered: String {
        let all = [header] + rows
        let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        let rule = widths.map { String(repeating: "─", count: $0) }
        return ([header, rule] + rows).map { row in
            zip(row, widths).map { cell, width in cell + String(repeating: " ", count: width - cell.count) }
                .joined(separator: "  ").trimmedAtEnd
        }.joined(separator: "\n")
    }
}

extension String {
    fileprivate var trimmedAtEnd: String {
        var end = self
        while end.last == " " { end.removeLast() }
        return end
    }
}
