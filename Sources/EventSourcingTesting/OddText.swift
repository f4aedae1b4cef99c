/// Text of every kind of odd character that a name may have.
enum OddText {
    private static let pieces: [String] = [
        "'", "\"", "''", "/", "\\", "%", "%00", "$1", "?", " ", "  ", "-", "--", ";", "{}", "[0]", ",", "NULL",
        "\u{A0}",
        "\u{200B}", "\u{202E}", "\u{2028}", "\u{FEFF}", "\u{85}", "שלום", "مرحبا", "日本語", "e\u{301}", "\u{E9}",
        "\u{301}",
        "👩‍👩‍👧‍👦", "🇳🇱", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "ﬁ", "ß", "İ", "\u{FFFD}", "\u{FFFF}", "\u{10FFFF}",
    ]

    /// 1 to 4 pieces: odd ones, and any scalars at all but control characters.
    static func make(_ random: inout some RandomNumberGenerator) -> String {
        (0..<Int.random(in: 1...4, using: &random)).map { _ in
            if Bool.random(using: &random) { return pieces.randomElement(using: &random) ?? "" }
            while true {
                let value = UInt32.random(in: 0x20...0x10FFFF, using: &random)
                if value != 0x7F, let scalar = Unicode.Scalar(value) { return String(Character(scalar)) }
            }
        }.joined()
    }
}
