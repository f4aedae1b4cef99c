/// Where log lines go.
public protocol LogSink: Sendable {
    /// Takes one record, which ends with a line break. Must not fail, and must not block for long.
    func write(_ line: [UInt8])
}
