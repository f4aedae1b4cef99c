internal import EventCodec
internal import Glibc

/// Why a file could not be imported, or not to its end.
public struct EventImportError: Error, Sendable, CustomStringConvertible {
    /// The lines that are no events, by number from 1 on; none when the file itself cannot be read.
    public let badLines: [Int]
    /// What happened, what was written, and what to do next. Quotes no value of the file.
    public let message: String

    public var description: String { message }

    static func unreadable(_ path: String, _ code: CInt) -> EventImportError {
        EventImportError(badLines: [], message: "\(path) cannot be read: \(String(cString: strerror(code))).")
    }

    static func lineTooLong(_ number: Int, max: Int) -> EventImportError {
        badLines([(number, tooLong(max))], firstUnwritten: number)
    }

    static func tooLong(_ max: Int) -> String { "is longer than \(max) bytes." }

    /// - Parameter firstUnwritten: The first line of the batch that they are in.
    static func badLines(_ lines: [(number: Int, complaint: String)], firstUnwritten: Int) -> EventImportError {
        let complaints = lines.map { "Line \($0.number): \($0.complaint)" }.joined(separator: "\n")
        let written =
            firstUnwritten == 1
            ? "Nothing was written."
            : "The lines before \(firstUnwritten) were imported, and nothing was written from there on."
        return EventImportError(
            badLines: lines.map(\.number),
            message: "\(complaints)\n\(written) Correct the file and import it again: what is recorded is passed over.")
    }
}
