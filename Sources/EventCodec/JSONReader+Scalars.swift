extension JSONReader {
    /// Reads an integer, written without fraction and exponent.
    ///
    /// - Throws: ``JSONError`` also when it does not fit 64 bits.
    public mutating func integer() throws(JSONError) -> Int {
        let byte = nextByte()
        let isNegative = byte == UInt8(ascii: "-")
        var place = isNegative ? cursor + 1 : cursor
        guard place < end, let first = digit(place.pointee) else {
            throw isNegative ? malformed(at: place) : mismatch(.integer)
        }
        var magnitude = UInt64(first)
        place += 1
        while place < end, let next = digit(place.pointee) {
            guard magnitude != 0 else { throw malformed(at: place) }
            let (tenfold, overflow) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tenfold.addingReportingOverflow(UInt64(next))
            guard !overflow, !carry else { throw try outOfRange() }
            magnitude = sum
            place += 1
        }
        if place < end, continuesNumber(place.pointee) { throw try fractional() }
        guard let value = isNegative ? Int(negating: magnitude) : Int(exactly: magnitude) else {
            throw failure(.outOfRange)
        }
        cursor = place
        return value
    }

    /// Reads a number.
    ///
    /// - Throws: ``JSONError`` also when it is too large for 64-bit floating point.
    public mutating func number() throws(JSONError) -> Double {
        let place = cursor
        let token = try scanNumber()
        guard let value = Double(token.text), value.isFinite else { throw failure(.outOfRange, at: place) }
        return value
    }

    /// Reads `true` or `false`.
    public mutating func boolean() throws(JSONError) -> Bool {
        switch nextByte() {
        case UInt8(ascii: "t"):
            try expect("true")
            return true
        case UInt8(ascii: "f"):
            try expect("false")
            return false
        default: throw mismatch(.boolean)
        }
    }

    /// Reads `null`.
    public mutating func null() throws(JSONError) {
        guard nextByte() == UInt8(ascii: "n") else { throw mismatch(.null) }
        try expect("null")
    }

    private mutating func expect(_ word: StaticString) throws(JSONError) {
        let bytes = UnsafeBufferPointer(start: cursor, count: min(word.utf8CodeUnitCount, end - cursor))
        guard bytes.elementsEqual(UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
        else { throw malformed() }
        cursor += word.utf8CodeUnitCount
    }

    /// Too many digits: out of range, unless what follows makes it no number or no integer at all.
    private func outOfRange() throws(JSONError) -> JSONError {
        var probe = self
        return try probe.scanNumber().isInteger ? failure(.outOfRange) : failure(.not(.integer))
    }

    private func fractional() throws(JSONError) -> JSONError {
        var probe = self
        _ = try probe.scanNumber()
        return failure(.not(.integer))
    }
}

extension Int {
    fileprivate init?(negating magnitude: UInt64) {
        guard magnitude <= Int.min.magnitude else { return nil }
        self = Int(truncatingIfNeeded: 0 &- magnitude)
    }
}

@inline(__always)
private func digit(_ byte: UInt8) -> UInt8? {
    let value = byte &- UInt8(ascii: "0")
    return value <= 9 ? value : nil
}

@inline(__always)
private func continuesNumber(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ".") || byte | 0x20 == UInt8(ascii: "e")
}
