/// Why events could not be had from the archive.
public struct ArchiveError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure. New ones may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Base: String { case missing, damaged, wrongSegment, unsupported, inputOutput }
        private let base: Base

        /// The file is not there.
        public static let missing = Code(base: .missing)
        /// The file is not as it was written. Nothing of the damaged part was returned.
        public static let damaged = Code(base: .damaged)
        /// The file is whole, and is not the segment that was asked for.
        public static let wrongSegment = Code(base: .wrongSegment)
        /// The file was written by a newer version of Strata.
        public static let unsupported = Code(base: .unsupported)
        /// The file system refused to read or write.
        public static let inputOutput = Code(base: .inputOutput)

        public var description: String { base.rawValue }
    }

    public let code: Code
    public let file: String
    /// The positions that are concerned, as far as they are known.
    public let positions: ClosedRange<Int64>?
    /// What is wrong, as the end of a sentence that begins with the file.
    public let detail: String

    package init(_ code: Code, file: String, positions: ClosedRange<Int64>? = nil, _ detail: String) {
        self.code = code
        self.file = file
        self.positions = positions
        self.detail = detail
    }

    public var description: String {
        let range = positions.map { " (positions \($0.lowerBound) to \($0.upperBound))" } ?? ""
        return "\(file)\(range) \(detail)"
    }
}
