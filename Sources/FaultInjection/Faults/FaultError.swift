/// A fault could not be injected or mended: the run says nothing about the store.
public struct FaultError: Error, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}
