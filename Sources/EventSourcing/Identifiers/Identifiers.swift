internal import Crypto
public import FoundationEssentials

/// An identifier of 128 bits, written as a UUID (RFC 9562).
public protocol UUIDIdentifier: RawRepresentable, Hashable, Sendable, CustomStringConvertible where RawValue == UUID {
    init(rawValue: UUID)
}

extension UUIDIdentifier {
    /// Lowercase, as RFC 9562 writes them.
    public var description: String { rawValue.uuidString.lowercased() }

    /// - Returns: `nil` when `text` is not a UUID.
    public init?(_ text: String) {
        guard let uuid = UUID(uuidString: text) else { return nil }
        self.init(rawValue: uuid)
    }

    /// A new identifier; those made later sort later (UUID version 7), which keeps their indexes compact.
    public static func make() -> Self { Self(rawValue: .timeOrdered()) }

    /// The same identifier for the same parts, always (UUID version 8 over SHA-256).
    public static func derived(from parts: String...) -> Self {
        var hash = SHA256()
        for part in parts {
            // The length keeps ("ab", "c") and ("a", "bc") apart.
            withUnsafeBytes(of: UInt64(part.utf8.count).bigEndian) { hash.update(bufferPointer: $0) }
            var part = part
            part.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        }
        return Self(rawValue: .nameBased(digest: Array(hash.finalize())))
    }
}

/// Names one event; unique within its stream.
public struct EventID: UUIDIdentifier {
    public let rawValue: UUID
    public init(rawValue: UUID) { self.rawValue = rawValue }
}

/// Names one command; a command that comes twice with the same id is carried out once.
public struct CommandID: UUIDIdentifier {
    public let rawValue: UUID
    public init(rawValue: UUID) { self.rawValue = rawValue }

    /// The id of the `index`-th event that this command records in `stream`.
    public func eventID(_ index: Int, in stream: StreamName) -> EventID {
        .derived(from: description, stream.rawValue, String(index))
    }
}

/// Names a whole business transaction: every command and event that follows from one request carries it.
public struct CorrelationID: UUIDIdentifier {
    public let rawValue: UUID
    public init(rawValue: UUID) { self.rawValue = rawValue }
}

/// Names the message (a command or an event) that led to another one.
public struct CausationID: UUIDIdentifier {
    public let rawValue: UUID
    public init(rawValue: UUID) { self.rawValue = rawValue }
    public init(_ event: EventID) { rawValue = event.rawValue }
    public init(_ command: CommandID) { rawValue = command.rawValue }
}
