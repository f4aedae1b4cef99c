internal import EventSourcing
public import Logging

/// Writes log records as lines: JSON for machines, or plain text for people.
///
/// `LoggingSystem.bootstrap { StrataLogHandler(label: $0, level: .info) }`
public struct StrataLogHandler: LogHandler {
    public var logLevel: Logger.Level
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let format: LogFormat
    private let sink: any LogSink

    public init(
        label: String, level: Logger.Level = .info, format: LogFormat = .detected,
        sink: any LogSink = DescriptorSink.standardError
    ) {
        self.label = label
        logLevel = level
        self.format = format
        self.sink = sink
    }

    public subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        let record = LogRecord(
            time: Timestamp.now.description, level: event.level, label: label, message: "\(event.message)",
            error: event.error.map { "\($0)" }, metadata: merged(event.metadata))
        sink.write(format.line(record))
    }

    /// The nearer to the call, the stronger.
    private func merged(_ own: Logger.Metadata?) -> [(key: String, value: Logger.MetadataValue)] {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { _, new in new } }
        if let own { all.merge(own) { _, new in new } }
        return all.sorted { $0.key < $1.key }
    }
}
