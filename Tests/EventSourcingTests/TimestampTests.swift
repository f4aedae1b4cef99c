import EventSourcing
import Testing

@Suite struct `Timestamps as text` {
    @Test(arguments: [Int64(0), 1, 951_827_696_123_456, 1_732_320_000_000_000, -1, -62_167_219_200_000_000])
    func `read what they write`(_ microseconds: Int64) {
        let timestamp = Timestamp(microsecondsSince1970: microseconds)
        #expect(Timestamp(timestamp.description) == timestamp)
    }

    @Test func `may be written without decimals`() {
        #expect(Timestamp("1970-01-02T00:00:01Z") == Timestamp(microsecondsSince1970: 86_401_000_000))
    }

    @Test(
        arguments: [
            "", "1970-01-01", "1997-02-29T00:00:00Z", "1997-13-01T00:00:00Z", "1997-01-01T24:00:00Z",
            "1997-01-01T00:00:00+", "1997-01-01 00:00:00Z", "1997-01-01T00:00:00.12345Z", "é997-01-01T00:00:0Z",
            "1997-01-01T00:00:00,123456Z", "19x7-01-01T00:00:00Z",
        ])
    func `are nothing else`(_ text: String) {
        #expect(Timestamp(text) == nil)
    }
}
