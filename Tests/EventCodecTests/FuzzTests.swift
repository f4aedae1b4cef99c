import EventCodec
import EventSourcingTesting
import Foundation
import Testing

/// Whatever comes in, there is a value or an error, and what is accepted is JSON.
struct FuzzTests {
    @Test(arguments: 0..<200 as Range<UInt64>)
    func `survives random bytes`(seed: UInt64) {
        var random = Seeded(seed)
        for _ in 0..<100 {
            let bytes = (0..<Int.random(in: 0...64, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            examine(bytes, seed: seed)
        }
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func `survives random tokens`(seed: UInt64) {
        var random = Seeded(seed)
        for _ in 0..<100 {
            let count = Int.random(in: 0...24, using: &random)
            examine((0..<count).flatMap { _ in Array(tokens.randomElement(using: &random)!.utf8) }, seed: seed)
        }
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func `survives damaged documents`(seed: UInt64) {
        var random = Seeded(seed)
        for _ in 0..<100 { examine(damaged(Array(document.utf8), &random), seed: seed) }
    }

    @Test(arguments: 0..<50 as Range<UInt64>)
    func `reads back what it writes`(seed: UInt64) {
        var random = Seeded(seed)
        for _ in 0..<20 {
            let value = randomValue(depth: 4, &random)
            #expect(outcome(value.jsonBytes).value == value, "seed \(seed)")
        }
    }

    private func examine(_ bytes: [UInt8], seed: UInt64) {
        let outcome = outcome(bytes, as: JSONValue.self)
        let reference = try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
        let comment: Comment = "seed \(seed), bytes \(Data(bytes).base64EncodedString())"
        switch outcome {
        case .value(let value):
            #expect(reference != nil, comment)
            #expect(EventCodecTests.outcome(value.jsonBytes).value == value, comment)
        case .error(let error):
            let isStricter =
                error.hasSuffix("is given twice") || error.hasSuffix("is out of range") || isExtended(bytes)
            #expect(reference == nil || isStricter, comment)
        }
        _ = EventCodecTests.outcome(bytes, as: Basket.self)
        examineSkipping(bytes, accepted: outcome.value != nil, comment)
    }

    /// Skipping and reading agree on what is well formed.
    private func examineSkipping(_ bytes: [UInt8], accepted: Bool, _ comment: Comment) {
        let isSkipped = bytes.withUnsafeBufferPointer { bytes in
            var json = JSONReader(bytes)
            return (try? json.skipValue()) != nil && (try? json.finish()) != nil
        }
        #expect(isSkipped || !accepted, comment)
    }
}

private let document =
    #"{"id":"bé\u00e9\ud83d\ude00","lines":[{"quantity":12,"isGift":true},{"quantity":-3}],"note":"a\nb","#
    + #""x":[1.5e3,null,{}]}"#

/// Whether Foundation may take the bytes though they are not RFC 8259: it knows other encodings, byte order marks and
/// commas before a closing bracket.
private func isExtended(_ bytes: [UInt8]) -> Bool {
    let text = String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }
    return bytes.contains(0) || bytes.starts(with: [0xEF, 0xBB, 0xBF]) || text.contains(",}") || text.contains(",]")
}

private let tokens = [
    "{", "}", "[", "]", ",", ":", "\"", "\"id\"", "\"lines\"", "\"a\"", "0", "-", "1", "12", "1.5", "e", "E+1", ".",
    "true",
    "false", "null", " ", "\n", "\\", "\\u", "d83d", "\\n", "é", "99999999999999999999", "1e999",
]

private func damaged(_ document: [UInt8], _ random: inout Seeded) -> [UInt8] {
    var bytes = document
    for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(UInt8.random(in: 0x20...0x7E, using: &random), at: place)
        case 3: bytes.removeSubrange(place...)
        default: bytes.insert(contentsOf: bytes[place...].prefix(8), at: place)
        }
    }
    return bytes
}

private func randomValue(depth: Int, _ random: inout Seeded) -> JSONValue {
    switch Int.random(in: 0..<(depth == 0 ? 5 : 7), using: &random) {
    case 0: return .null
    case 1: return .boolean(.random(using: &random))
    case 2: return .integer(.random(in: .min ... .max, using: &random))
    case 3: return .number(.random(in: -1e9...1e9, using: &random))
    case 4: return .string(randomText(&random))
    case 5:
        return .array((0..<Int.random(in: 0...4, using: &random)).map { _ in randomValue(depth: depth - 1, &random) })
    default:
        var object = JSONObject()
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            object[randomText(&random)] = randomValue(depth: depth - 1, &random)
        }
        return .object(object)
    }
}

private func randomText(_ random: inout Seeded) -> String {
    let limits: [UInt32] = [0x20, 0x7F, 0x7FF, 0xFFFF, 0x10FFFF]
    let scalars = (0..<Int.random(in: 0...20, using: &random)).compactMap { _ in
        Unicode.Scalar(UInt32.random(in: 0...limits.randomElement(using: &random)!, using: &random))
    }
    return String(String.UnicodeScalarView(scalars))
}
