internal import Glibc
internal import Logging

/// How log records look.
public enum LogFormat: String, Sendable, CaseIterable {
    /// One JSON object on each line.
    case json
    /// One line of text for people.
    case text

    /// Text when standard error is a terminal, JSON otherwise.
    public static var detected: LogFormat { isatty(STDERR_FILENO) == 1 ? .text : .json }

    func line(_ record: LogRecord) -> [UInt8] {
        switch self {
        case .json: record.jsonLine
        case .text: record.textLine
        }
    }
}

/// What is written of one log event.
struct LogRecord {
    /// The longest message or value that is written; the rest is cut.
    static let textLengthMax = 8_192

    let time: String
    let level: Logger.Level
    let label: String
    let message: String
    let error: String?
    let metadata: [(key: String, value: Logger.MetadataValue)]

    static func cut(_ text: String) -> String {
        text.utf8.count <= textLengthMax ? text : text.prefix(textLengthMax) + "…"
    }
}
