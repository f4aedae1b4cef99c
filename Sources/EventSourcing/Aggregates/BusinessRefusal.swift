/// A business "no" that can be shown to whoever asked.
///
/// Its description is a fragment of a plain sentence, without a capital letter or a full stop: `only 3 units are
/// available`.
public protocol BusinessRefusal: Error, Equatable, Sendable, CustomStringConvertible {
    /// For programs: the reason's name in lowerCamelCase, such as `insufficientStock`. Once published it never changes.
    var code: String { get }
}

/// An enum of strings needs no further code.
extension BusinessRefusal where Self: RawRepresentable<String> {
    /// The raw value, which is the case's name unless the enum gives another.
    public var code: String { rawValue }

    /// The words of ``code``: `not enough` for `notEnough`. Say more where people read it.
    public var description: String {
        code.reduce(into: "") { words, letter in words += letter.isUppercase ? " \(letter.lowercased())" : "\(letter)" }
    }
}

extension SagaRefusal {
    /// The refusal of a step whose work met a business "no".
    public init(_ refusal: any BusinessRefusal) {
        self.init(code: refusal.code, reason: refusal.description)
    }
}
