/// Where a document is not what its schema says, and why. Never quotes the document: values may be personal.
public struct SchemaViolation: Error, Sendable, Hashable, CustomStringConvertible {
    public let pointer: JSONPointer
    /// The end of the sentence that the pointer begins: `is less than 1`.
    public let problem: String

    public var description: String { "\(pointer.phrase) \(problem)" }
}
