extension String {
    /// The same text without the character U+0000, which PostgreSQL's `text` cannot hold: the replacement
    /// character stands in its place.
    package var storable: String {
        guard utf8.contains(0) else { return self }
        return String(String.UnicodeScalarView(unicodeScalars.map { $0 == "\0" ? "\u{FFFD}" : $0 }))
    }
}
