import EventCodec
import HTTPSupport
import HTTPTypes
import Testing

struct JSONFieldsTests {
    private struct Person: Equatable {
        var name: String
        var age: Int?
        var tags: [String]
    }

    private func read(_ body: JSONValue) throws(Problem) -> Person {
        try JSONFields.read(body) { fields in
            fields.all(
                fields.required("name", .string), fields.optional("age", .integer(in: 0...150)),
                fields.optional("tags", .array(of: .string, countMax: 3))
            ).map { Person(name: $0, age: $1, tags: $2 ?? []) }
        }
    }

    private func flaws(_ body: JSONValue) -> [String] {
        do {
            _ = try read(body)
            return []
        } catch {
            #expect(error.status == .unprocessableContent)
            return error.flaws.map { flaw in
                guard case .body(let pointer) = flaw.place else { return "not in the body" }
                return "\(pointer) \(flaw.detail)"
            }
        }
    }

    @Test func `reads what is there`() throws {
        #expect(try read(["name": "Ada", "age": 36]) == Person(name: "Ada", age: 36, tags: []))
        #expect(try read(["tags": ["a"], "name": "Ada", "age": nil]) == Person(name: "Ada", age: nil, tags: ["a"]))
    }

    @Test func `tells all mistakes at once, and quotes no value`() {
        let body: JSONValue = ["age": 1_000, "tags": ["secret", 1, nil], "extra/field": "secret"]
        #expect(
            flaws(body) == [
                "/name is missing", "/age is not a whole number from 0 to 150", "/tags/1 is not a string",
                "/tags/2 is not a string", "/extra~1field is not a field of this object",
            ])
    }

    @Test(
        arguments: [
            ("36", "/age is not an integer"), (36.5, "/age is not a whole number from 0 to 150"),
            (1e300, "/age is not a whole number from 0 to 150"), (-1, "/age is not a whole number from 0 to 150"),
            (true, "/age is not an integer"), ([1], "/age is not an integer"), ([:], "/age is not an integer"),
        ] as [(JSONValue, String)])
    func `refuses what is no number in range`(age: JSONValue, flaw: String) {
        #expect(flaws(["name": "Ada", "age": age]) == [flaw])
    }

    @Test func `refuses what is no object`() {
        #expect(flaws([1]) == [" is not an object"])
        #expect(flaws("x") == [" is not an object"])
    }

    @Test func `does not repeat strange names of fields`() {
        #expect(flaws(["name": "Ada", "na\u{1B}[31m": 1]) == ["/… is not a field of this object"])
    }

    @Test func `limits arrays and lists of mistakes`() {
        #expect(flaws(["name": "Ada", "tags": ["a", "b", "c", "d"]]) == ["/tags has more than 3 elements"])
        let members = (0..<1_000).map { JSONObject.Member(key: "x\($0)", value: 1) }
        #expect(flaws(.object(JSONObject(members))).count == 100)
    }
}
