import EventCodec
import EventSourcing
import HTTPSupport
import HTTPTypes
import Testing

struct HeaderTests {
    private func expected(_ headers: HTTPFields) -> Result<ExpectedRevision, Problem> {
        Result { () throws(Problem) in try ExpectedRevision(preconditions: headers) }
    }

    private func status(_ headers: HTTPFields) -> Int? {
        if case .failure(let problem) = expected(headers) { problem.status.code } else { nil }
    }

    @Test func `reads what a client requires of a stream`() throws {
        #expect(try expected([:]).get() == .any)
        #expect(try expected([.ifMatch: "\"7\""]).get() == .exact(Revision(rawValue: 7)))
        #expect(try expected([.ifMatch: "\"7-5e0c\""]).get() == .exact(Revision(rawValue: 7)))
        #expect(try expected([.ifMatch: "*"]).get() == .streamExists)
        #expect(try expected([.ifNoneMatch: "*"]).get() == .noStream)
    }

    @Test(arguments: ["7", "W/\"7\"", "\"7\", \"8\"", "\"", "", "\"7"])
    func `does not take what is no strong entity tag`(tag: String) { #expect(status([.ifMatch: tag]) == 400) }

    @Test(arguments: ["\"abc\"", "\"\"", "\"-1\"", "\"+7\"", "\"07\"", "\"99999999999999999999\""])
    func `knows that no stream can have a foreign tag`(tag: String) { #expect(status([.ifMatch: tag]) == 412) }

    @Test func `takes no mark where none is given out`() throws {
        func status(_ tag: String) -> Int? {
            do throws(Problem) {
                _ = try ExpectedRevision(preconditions: [.ifMatch: tag], takesMarks: false)
                return nil
            } catch { return error.status.code }
        }
        #expect(status("\"7\"") == nil)
        #expect(status("\"7-5e0c\"") == 412)
    }

    @Test func `does not take both preconditions, nor tags in If-None-Match`() {
        #expect(status([.ifMatch: "*", .ifNoneMatch: "*"]) == 400)
        #expect(status([.ifNoneMatch: "\"7\""]) == 400)
    }

    @Test func `knows the document that a client has`() {
        let tag = EntityTag(Revision(rawValue: 7), mark: "ab")
        #expect(tag.description == "\"7-ab\"")
        #expect(tag.isKnown(to: [.ifNoneMatch: "\"1\", W/\"7-ab\""]))
        #expect(tag.isKnown(to: [.ifNoneMatch: "*"]))
        #expect(!tag.isKnown(to: [.ifNoneMatch: "\"7\""]))
        #expect(!tag.isKnown(to: [:]))
    }

    @Test func `reads an idempotency key with or without quotes`() throws {
        #expect(try IdempotencyKey([.idempotencyKey: "abc"]).text == "abc")
        #expect(try IdempotencyKey([.idempotencyKey: "\"abc\""]).text == "abc")
        #expect(try IdempotencyKey([.idempotencyKey: String(repeating: "k", count: 255)]).text.count == 255)
    }

    @Test(arguments: [nil, "", "\"\"", "käse", String(repeating: "k", count: 256)] as [String?])
    func `refuses a missing or strange idempotency key`(key: String?) {
        var headers: HTTPFields = [:]
        headers[.idempotencyKey] = key
        #expect(throws: Problem.self) { try IdempotencyKey(headers) }
    }

    @Test func `derives a command from who calls, the key and the address`() throws {
        let key = try IdempotencyKey([.idempotencyKey: "k"])
        let ada = Principal(actor: "ada", roles: .all)
        let id = key.commandID(ada, .post, "/orders")
        #expect(id == key.commandID(ada, .post, "/orders"))
        #expect(id != key.commandID(Principal(actor: "bob", roles: .all), .post, "/orders"))
        #expect(id != key.commandID(ada, .post, "/products"))
    }

    @Test func `tells another body from the same one in other words`() throws {
        func fingerprint(_ text: String) throws -> String {
            RequestFingerprint.of(.post, "/orders", try JSONValue(jsonBytes: Array(text.utf8)))
        }
        #expect(try fingerprint(#"{"a":1,"b":[{"c":2,"d":3}]}"#) == fingerprint(#" {"b": [{"d":3,"c":2}], "a":1}"#))
        #expect(try fingerprint(#"{"a":1}"#) != fingerprint(#"{"a":2}"#))
        #expect(try fingerprint(#"{"a":[1,2]}"#) != fingerprint(#"{"a":[2,1]}"#))
    }

    @Test func `takes a well-formed traceparent alone`() {
        let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        #expect(([.traceparent: parent] as HTTPFields).traceContext == parent)
        for malformed in [
            "", "00-xyz", parent.uppercased(), "00-\(String(repeating: "0", count: 32))-00f067aa0ba902b7-01",
        ] {
            #expect(([.traceparent: malformed] as HTTPFields).traceContext == nil)
        }
    }
}
