/// Numbers as PostgreSQL sends them: the most significant byte first.
extension [UInt8] {
    package mutating func append<Value: FixedWidthInteger & BitwiseCopyable>(bigEndian value: Value) {
        append(addingCapacity: MemoryLayout<Value>.size) { $0.append(bigEndian: value) }
    }

    package mutating func store<Value: FixedWidthInteger & BitwiseCopyable>(_ value: Value, at offset: Int) {
        withUnsafeMutableBytes { $0.storeBytes(of: value.bigEndian, toByteOffset: offset, as: Value.self) }
    }

    package func integer<Value: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as type: Value.Type) -> Value {
        withUnsafeBytes { Value(bigEndian: $0.loadUnaligned(fromByteOffset: offset, as: type)) }
    }
}

extension OutputSpan<UInt8> {
    @inline(__always)
    package mutating func append<Value: FixedWidthInteger & BitwiseCopyable>(bigEndian value: Value) {
        withUnsafeBytes(of: value.bigEndian) { append(copying: $0) }
    }

    @inline(__always)
    package mutating func append(copying source: UnsafeRawBufferPointer) {
        precondition(source.count <= freeCapacity, "more bytes are written than room was made for")
        withUnsafeMutableBufferPointer { bytes, count in
            UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(bytes)[count...]).copyMemory(
                from: source)
            count += source.count
        }
    }
}
