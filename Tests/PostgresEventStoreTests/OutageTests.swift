import Logging
import NIOConcurrencyHelpers
import PostgresEventStore
import Support
import Testing

@Suite struct `A store whose server is away` {
    @Test func `says why it hears nothing, and says it once`() async throws {
        let lines = NIOLockedValueBox<[String]>([])
        let logger = Logger(label: "test") { _ in LineHandler(lines: lines) }
        let configuration = PostgresEventStore.Configuration(connectionString: "host=127.0.0.1 port=1")
        try await PostgresEventStore.with(configuration, logger: logger) { _ in
            try await eventually { lines.withLockedValue { !$0.isEmpty } }
            try await Task.sleep(for: .seconds(1))
        }
        let said = lines.withLockedValue { $0 }.filter { $0.contains("listening for new events failed") }
        #expect(said.count == 1)
        #expect(said.first?.contains("127.0.0.1") == true)
    }
}

/// Keeps what is logged at warning and above.
struct LineHandler: LogHandler {
    let lines: NIOLockedValueBox<[String]>
    var logLevel = Logger.Level.warning
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        lines.withLockedValue { $0.append("\(event.message) \(event.metadata ?? [:])") }
    }
}
