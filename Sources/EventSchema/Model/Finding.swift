/// Something to put right: in which file, and what to do.
public struct Finding: Error, Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The file's path in the package.
    public let file: String
    /// One sentence.
    public let message: String

    public init(file: String, message: String) {
        self.file = file
        self.message = message
    }

    public var description: String { "\(file): \(message)" }

    public static func < (left: Self, right: Self) -> Bool { (left.file, left.message) < (right.file, right.message) }
}

/// Why there is nothing to generate or to release.
public struct SchemaError: Error, Sendable, Hashable, CustomStringConvertible {
    public let findings: [Finding]

    public init(_ findings: [Finding]) { self.findings = findings }

    public var description: String { findings.map(\.description).joined(separator: "\n") }
}
