internal import FoundationEssentials
internal import PostgresClient

/// Reads a frame from its beginning. Nothing is taken for granted: what does not fit is an error.
struct FrameReader {
    private let frame: [UInt8]
    private var offset = 0

    init(_ frame: [UInt8]) { self.frame = frame }

    mutating func integer<Value: FixedWidthInteger & BitwiseCopyable>(
        _ type: Value.Type
    ) throws(MalformedFrame) -> Value {
        let start = try take(MemoryLayout<Value>.size).lowerBound
        return frame.integer(at: start, as: type)
    }

    /// How many of something follow, each of which has a byte at least.
    mutating func count() throws(MalformedFrame) -> Int {
        let count = Int(try integer(UInt32.self))
        guard count <= frame.count - offset else { throw MalformedFrame() }
        return count
    }

    mutating func bytes() throws(MalformedFrame) -> [UInt8] {
        Array(frame[try take(try count())])
    }

    mutating func text() throws(MalformedFrame) -> String {
        guard let text = String(validating: frame[try take(try count())], as: UTF8.self) else { throw MalformedFrame() }
        return text
    }

    mutating func uuid() throws(MalformedFrame) -> UUID {
        let range = try take(16)
        return UUID(uuid: frame[range].withUnsafeBytes { $0.loadUnaligned(as: uuid_t.self) })
    }

    /// - Throws: When something is left.
    func end() throws(MalformedFrame) {
        guard offset == frame.count else { throw MalformedFrame() }
    }

    private mutating func take(_ count: Int) throws(MalformedFrame) -> Range<Int> {
        guard count <= frame.count - offset else { throw MalformedFrame() }
        offset += count
        return offset - count..<offset
    }
}

/// A frame that no program of this version sends.
struct MalformedFrame: Error {}

extension [UInt8] {
    mutating func append(text: String) {
        append(bigEndian: UInt32(text.utf8.count))
        append(contentsOf: text.utf8)
    }
}
