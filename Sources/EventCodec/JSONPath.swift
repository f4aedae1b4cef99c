/// Where in a document a byte is: the keys and indexes that lead to it.
///
/// Expects the bytes before the place to be what a reader has already accepted.
struct JSONPath: CustomStringConvertible {
    private enum Component {
        case key(Slice<UnsafeBufferPointer<UInt8>>?)
        case index(Int)
    }

    private var components: [Component] = []

    init(leadingTo place: Int, in bytes: UnsafeBufferPointer<UInt8>) {
        var offset = 0
        while offset < place {
            let next = bytes[offset] == UInt8(ascii: "\"") ? endOfString(in: bytes, from: offset) : offset + 1
            visit(bytes[offset..<next], isComplete: next <= place)
            offset = next
        }
    }

    /// A key of which only a part lies before the place is not on the way to it.
    private mutating func visit(_ token: Slice<UnsafeBufferPointer<UInt8>>, isComplete: Bool) {
        switch token[token.startIndex] {
        case UInt8(ascii: "{"): components.append(.key(nil))
        case UInt8(ascii: "["): components.append(.index(0))
        case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = components.popLast()
        case UInt8(ascii: ","): advance()
        case UInt8(ascii: "\"") where isComplete:
            if case .key(nil) = components.last {
                components[components.count - 1] = .key(token.dropFirst().dropLast())
            }
        default: break
        }
    }

    private mutating func advance() {
        switch components.last {
        case .key: components[components.count - 1] = .key(nil)
        case .index(let index): components[components.count - 1] = .index(index + 1)
        case nil: break
        }
    }

    var description: String {
        var text = ""
        for component in components {
            switch component {
            case .key(nil): break
            case .key(let key?): text += (text.isEmpty ? "" : ".") + printable(key)
            case .index(let index): text += "[\(index)]"
            }
        }
        return text
    }
}

private func endOfString(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var offset = start + 1
    while offset < bytes.count, bytes[offset] != UInt8(ascii: "\"") {
        offset += bytes[offset] == UInt8(ascii: "\\") ? 2 : 1
    }
    return min(offset + 1, bytes.count)
}

/// Names of fields are plain; whatever else a sender uses as a key does not belong in a message.
private func printable(_ key: Slice<UnsafeBufferPointer<UInt8>>) -> String {
    guard key.count <= 64, key.allSatisfy({ (0x21...0x7E).contains($0) }) else { return "…" }
    return String(decoding: key, as: UTF8.self)
}
