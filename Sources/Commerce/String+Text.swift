extension String {
    /// Whether this is text of `length` characters (Unicode scalars) that people can read; blanks alone are none.
    ///
    /// Control characters are kept out of history: NUL cannot be stored as text in a read model, and escape sequences
    /// would reach the terminals of whoever lists events.
    package func isText(_ length: ClosedRange<Int>) -> Bool {
        length.contains(unicodeScalars.count) && (length.lowerBound == 0 || !allSatisfy(\.isWhitespace))
            && unicodeScalars.allSatisfy { !$0.isControl || $0 == "\t" || $0 == "\n" || $0 == "\r" }
    }

    /// The first `max` characters, without control characters.
    package func printable(atMost max: Int) -> String {
        var printable = String.UnicodeScalarView()
        printable.append(contentsOf: unicodeScalars.lazy.filter { !$0.isControl }.prefix(max))
        return String(printable)
    }
}

extension Unicode.Scalar {
    fileprivate var isControl: Bool { properties.generalCategory == .control }
}
