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

    func cursor(list: String, count: Int) throws(Problem) -> PageCursor? {
        try value("cursor", "a cursor of this list") { PageCursor($0, list: list, count: count) }
    }
}
