internal import CLZ4

/// The LZ4 block format (https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md).
enum LZ4 {
    /// What it takes at once.
    static let inputMax = Int(LZ4_MAX_INPUT_SIZE)

    /// No input unpacks to more than so many times its length.
    static let ratioMax = 255

    static func compress(_ bytes: [UInt8]) -> [UInt8] {
        precondition(bytes.count <= inputMax, "a piece is smaller than 2 GB")
        let capacity = Int(LZ4_compressBound(CInt(bytes.count)))
        return [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
            count = bytes.withUnsafeBytes { input in
                Int(
                    LZ4_compress_default(
                        input.baseAddress, output.baseAddress, CInt(input.count), CInt(capacity)))
            }
        }
    }

    /// - Returns: `nil` when `bytes` do not unpack to exactly `count` bytes.
    static func decompress(_ bytes: UnsafeRawBufferPointer, to count: Int) -> [UInt8]? {
        guard count > 0, count <= inputMax, bytes.count <= inputMax, count <= bytes.count * ratioMax else { return nil }
        let unpacked = [UInt8](unsafeUninitializedCapacity: count) { output, initialized in
            let written = LZ4_decompress_safe(bytes.baseAddress, output.baseAddress, CInt(bytes.count), CInt(count))
            initialized = max(0, Int(written))
        }
        return unpacked.count == count ? unpacked : nil
    }
}
