/// The error path, kept out of line.
extension JSONReader {
    /// An error about the value that comes next, or was just begun.
    @inline(never)
    public func failure(_ problem: JSONError.Problem) -> JSONError { failure(problem, at: cursor) }

    @inline(never)
    func failure(_ problem: JSONError.Problem, at place: UnsafePointer<UInt8>) -> JSONError {
        JSONError(path: path(at: place), problem: problem)
    }

    @inline(never)
    func malformed() -> JSONError { malformed(at: cursor) }

    @inline(never)
    func malformed(at place: UnsafePointer<UInt8>) -> JSONError {
        let place = min(place, end)
        return failure(.malformed(byte: place - start), at: place)
    }

    /// What to say when another value than one of `kind` comes next.
    @inline(never)
    func mismatch(_ kind: JSONKind) -> JSONError {
        var probe = self
        return probe.peekKind() == nil ? malformed() : failure(.not(kind))
    }

    /// A required field that was not there.
    ///
    /// - Parameter object: What ``startObject()`` returned.
    @inline(never)
    public func missing(_ name: StaticString, in object: JSONObjectMark) -> JSONError {
        let parent = path(at: start + object.offset)
        return JSONError(path: parent.isEmpty ? "\(name)" : "\(parent).\(name)", problem: .missing)
    }

    private func path(at place: UnsafePointer<UInt8>) -> String {
        JSONPath(leadingTo: place - start, in: UnsafeBufferPointer(start: start, count: end - start)).description
    }
}
