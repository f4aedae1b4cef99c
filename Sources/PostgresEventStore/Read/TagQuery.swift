internal import EventSourcing
internal import PostgresClient

/// Finds the positions of events by their tags and types, from the index of tags alone.
struct TagQuery {
    /// Gives the positions, each once, in the order of the read, in a column `position`.
    let sql: String
    /// `$1` is the log, `$2` and `$3` bound the positions, `$4` is the limit.
    let parameters: [PostgresValue]

    /// - Parameters:
    ///   - start: Where the read starts: positions beyond it, in the read's direction.
    ///   - end: The last position that is taken.
    init(_ query: EventQuery, log: LogID, start: Int64, end: Int64, _ direction: ReadDirection, limit: Int) {
        let order = direction == .forwards ? "ASC" : "DESC"
        let range =
            switch direction {
            case .forwards: "tag.position > $2 AND tag.position <= $3"
            case .backwards: "tag.position < $2 AND tag.position >= $3"
            }
        var values: [PostgresValue] = [.int32(log.rawValue), .int64(start), .int64(end), .int64(Int64(limit))]
        var selects: [String] = []
        for criterion in query.criteria {
            let tags = criterion.tags.sorted().map { Self.add(.text($0.rawValue), to: &values) }
            var select = """
                SELECT tag.position FROM strata.event_tags AS tag
                WHERE tag.log = $1 AND tag.tag = \(tags.first ?? "NULL") AND \(range)
                """
            if let types = criterion.types {
                select += " AND tag.type = ANY (\(Self.add(.textArray(types.map(\.rawValue).sorted()), to: &values)))"
            }
            for other in tags.dropFirst() {
                select += """
                     AND EXISTS (
                        SELECT FROM strata.event_tags AS other
                        WHERE other.log = $1 AND other.tag = \(other) AND other.position = tag.position
                    )
                    """
            }
            selects.append("(\(select) ORDER BY tag.position \(order) LIMIT $4)")
        }
        sql = """
            SELECT position FROM (\(selects.joined(separator: " UNION "))) AS found
            ORDER BY position \(order) LIMIT $4
            """
        parameters = values
    }

    /// The newest event that `condition` forbids, up to a position.
    init(newestForbiddenBy condition: EventCondition, log: LogID, through: Position = Position(rawValue: .max - 1)) {
        let first = condition.position.advanced(by: 1)
        self.init(
            condition.query, log: log, start: through.advanced(by: 1).rawValue, end: first.rawValue, .backwards,
            limit: 1)
    }

    private static func add(_ value: PostgresValue, to parameters: inout [PostgresValue]) -> String {
        parameters.append(value)
        return "$\(parameters.count)"
    }
}
