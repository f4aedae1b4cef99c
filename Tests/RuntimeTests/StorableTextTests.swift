import EventSourcing
import PostgresClient
import Testing

@testable import Runtime

/// A row for each note, under what it says.
private struct NoteRow: Projection {
    static let name: ProjectionName = "notes"
    static let version = 1

    var text = ""

    static func key(for event: Recorded<Note>) -> String? { event.payload.text }

    mutating func apply(_ event: Recorded<Note>) { text = event.payload.text }
}

private struct Note: EventPayload, Codable, Hashable {
    static let eventTypes: [EventType]? = ["Note"]

    var text: String
}

@Suite struct `Text that PostgreSQL cannot hold` {
    @Test func `does not stop a read model`() async throws {
        let notes = KeyedReadModel(NoteRow.self)
        try await Deployment().withProcess { process in
            let metadata = EventMetadata(correlationID: .make(), actor: "test")
            let events = try ["plain", "a\0b", #"a\u0000b"#].map { try NewEvent(Note(text: $0), metadata: metadata) }
            _ = try await process.store.append(events, to: StreamCategory("note").stream("1"), expecting: .any)
            try await running([process.projector([notes])]) { try await process.waitForHead(notes) }
            let rows = try await process.pool.run { session in
                let rows = try session.execute(
                    "SELECT key, document->>'text' FROM read_models.notes ORDER BY key COLLATE \"C\"")
                return (0..<rows.rowCount).map { [rows.text($0, 0), rows.text($0, 1)] }
            }
            let expected = [#"a\u0000b"#, "a\u{FFFD}b", "plain"]
            #expect(rows == expected.map { [$0, $0] })
        }
    }

    @Test(arguments: [
        (#"{"a":"\u0000"}"#, #"{"a":"\ufffd"}"#), (#"{"a":"\\u0000"}"#, #"{"a":"\\u0000"}"#),
        (#"{"a":"\\\u0000\u0000"}"#, #"{"a":"\\\ufffd\ufffd"}"#), (#"{"a":"\u00001"}"#, #"{"a":"\ufffd1"}"#),
        ("{}", "{}"), (#"\"#, #"\"#), (#"\u000"#, #"\u000"#),
    ])
    func `is replaced in JSON where it is escaped, and nowhere else`(json: String, expected: String) {
        #expect(String(storableJSON: json.utf8) == expected)
    }
}
