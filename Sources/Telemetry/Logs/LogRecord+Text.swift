internal import Logging

extension LogRecord {
    /// `12:03:04.123456 ERROR message key=value (logger)`.
    var textLine: [UInt8] {
        var line = "\(time.dropFirst(11).dropLast()) \(Self.name(level)) \(printable(Self.cut(message)))"
        if let error { line += " error=\(printable(Self.cut(error)))" }
        for (key, value) in metadata { line += " \(printable(key))=\(printable(Self.cut("\(value)")))" }
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

/// `text` on one line and without control characters, which a terminal might obey.
private func printable(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return text }
    return text.unicodeScalars.reduce(into: "") { printable, scalar in
        printable += scalar.properties.generalCategory == .control ? scalar.escaped(asASCII: true) : String(scalar)
    }
}
