internal import EventSourcing
internal import Glibc

/// Names that come again and again in a page, so that each is made into a string once: its few types, and the stream of
/// the event before.
struct RepeatedNames {
    private static let typesMax = 64

    private var types: [(bytes: [UInt8], type: EventType)] = []
    private var lastStream: (bytes: UnsafeRawBufferPointer, name: StreamName)?

    @inline(__always)
    mutating func type(_ bytes: UnsafeRawBufferPointer) -> EventType {
        for known in types where isEqual(bytes, known.bytes) { return known.type }
        return newType(bytes)
    }

    @inline(never)
    private mutating func newType(_ bytes: UnsafeRawBufferPointer) -> EventType {
        let type = EventType(recorded: String(decoding: bytes, as: UTF8.self))
        if types.count < Self.typesMax { types.append((Array(bytes), type)) }
        return type
    }

    /// - Parameter bytes: Must stay where they are as long as this is used.
    @inline(__always)
    mutating func stream(_ bytes: UnsafeRawBufferPointer) -> StreamName {
        if let lastStream, lastStream.bytes.count == bytes.count, let left = bytes.baseAddress,
            let right = lastStream.bytes.baseAddress, memcmp(left, right, bytes.count) == 0
        {
            return lastStream.name
        }
        let name = StreamName(recorded: String(decoding: bytes, as: UTF8.self))
        lastStream = (bytes, name)
        return name
    }

    @inline(__always)
    private func isEqual(_ left: UnsafeRawBufferPointer, _ right: [UInt8]) -> Bool {
        guard left.count == right.count, let start = left.baseAddress else { return left.count == right.count }
        return memcmp(start, right, left.count) == 0
    }
}
