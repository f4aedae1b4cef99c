import EventCodec
import Logging
import NIOConcurrencyHelpers
import Telemetry
import Testing

struct LogHandlerTests {
    private let sink = MemorySink()

    private func logger(_ format: LogFormat, level: Logger.Level = .info) -> Logger {
        Logger(label: "test") { StrataLogHandler(label: $0, level: level, format: format, sink: sink) }
    }

    @Test func `writes one JSON object on each line`() throws {
        var logger = logger(.json)
        logger[metadataKey: "saga"] = "order-fulfilment"
        logger.warning("a \"quoted\" line\nbreak", metadata: ["list": ["a", "b"], "map": ["k": "v"], "level": "mine"])
        logger.info("second")
        let lines = sink.text.split(separator: "\n")
        #expect(lines.count == 2)
        let record = try JSONValue(jsonBytes: Array(lines[0].utf8))
        #expect(record["level"] == "warning")
        #expect(record["logger"] == "test")
        #expect(record["message"] == "a \"quoted\" line\nbreak")
        #expect(record["saga"] == "order-fulfilment")
        #expect(record["list"] == ["a", "b"])
        #expect(record["map"] == ["k": "v"])
        #expect(record["time"]?.string?.hasSuffix("Z") == true)
    }

    @Test func `writes text for people, and obeys no control character`() {
        logger(.text).error("bell \u{7} and\nbreak", metadata: ["key": "va\u{1B}[31mlue"])
        #expect(sink.text.hasSuffix("(test)\n"))
        #expect(sink.text.contains(#"ERROR bell \u{07} and\nbreak key=va\u{1B}[31mlue"#))
    }

    @Test func `leaves out what is below the level`() {
        logger(.json, level: .warning).info("quiet")
        #expect(sink.text.isEmpty)
    }

    @Test func `cuts what is very long`() {
        logger(.json).info("\(String(repeating: "x", count: 100_000))")
        #expect(sink.text.utf8.count < 10_000)
    }
}

private final class MemorySink: LogSink {
    private let lines = NIOLockedValueBox<[UInt8]>([])

    func write(_ line: [UInt8]) { lines.withLockedValue { $0 += line } }

    var text: String { String(decoding: lines.withLockedValue { $0 }, as: UTF8.self) }
}
