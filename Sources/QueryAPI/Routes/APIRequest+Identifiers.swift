internal import Commerce
internal import HTTPSupport

extension APIRequest {
    /// An identifier in the path. Nothing can be found under one that is malformed.
    func identifier<ID: TextIdentifier>(_ name: Substring, as _: ID.Type = ID.self) throws(Problem) -> ID {
        guard let id = ID(validating: try parameter(name)) else { throw .notFound() }
        return id
    }
}

extension QueryParameters {
    func day(_ name: String) throws(Problem) -> CalendarDate? {
        try value(name, "a day such as 2026-01-31") { CalendarDate(validating: $0) }
    }

    /// - Parameter isValid: Whether a statement can take the parts, which anybody can make up.
    func cursor(
        list: String, count: Int, where isValid: ([String]) -> Bool = { _ in true }
    ) throws(Problem) -> PageCursor? {
        try value("cursor", "a cursor of this list") { text in
            guard let cursor = PageCursor(text, list: list, count: count) else { return nil }
            return cursor.parts.allSatisfy({ !$0.utf8.contains(0) }) && isValid(cursor.parts) ? cursor : nil
        }
    }
}
