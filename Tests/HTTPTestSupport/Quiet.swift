public import Logging

/// Logs nothing.
public let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
