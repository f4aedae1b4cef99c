internal import Logging
internal import Terminal

extension LogRecord {
    /// `12:03:04.123456 ERROR message key=value (logger)`.
    var textLine: [UInt8] {
        var line = "\(time.dropFirst(11).dropLast()) \(Self.name(level)) \(Self.cut(message).escapingControls)"
        if let error { line += " error=\(Self.cut(error).escapingControls)" }
        for (key, value) in metadata { line += " \(key.escapingControls)=\(Self.cut("\(value)").escapingControls)" }
        return Array("\(line) (\(label))\n".utf8)
    }

    /// Five characters wide, so that messages start in one column.
    private static func name(_ level: Logger.Level) -> String {
        switch level {
        case .trace: "TRACE"
        case .debug: "DEBUG"
        case .info: "INFO "
        case .notice: "NOTE "
        case .warning: "WARN "
        case .error: "ERROR"
        case .critical: "FATAL"
        }
    }
}
