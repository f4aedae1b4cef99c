internal import Commerce

extension CalendarDate {
    /// A day that PostgreSQL has: the first of all when this is none, for no event may stop a read model.
    var storable: CalendarDate { CalendarDate(validating: rawValue) ?? CalendarDate(rawValue: "0001-01-01") }
}
