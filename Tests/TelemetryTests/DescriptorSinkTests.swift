import Glibc
import Telemetry
import Testing

struct DescriptorSinkTests {
    @Test func `drops lines that nobody reads instead of waiting, and says how many`() throws {
        var ends: [CInt] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        let sink = DescriptorSink(descriptor: ends[1])
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: 999) + [0x0A]

        let began = ContinuousClock.now
        for _ in 0..<1_000 { sink.write(line) }
        #expect(began.duration(to: .now) < .seconds(5))

        _ = read(ends[0])
        sink.write(Array("after\n".utf8))
        let text = read(ends[0])
        #expect(text.contains("log records were dropped"))
        #expect(text.hasSuffix("after\n"))
    }

    /// Everything that is in the pipe.
    private func read(_ descriptor: CInt) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while Glibc.poll(&poll, 1, 0) == 1 {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            guard count > 0 else { break }
            bytes += buffer.prefix(count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
