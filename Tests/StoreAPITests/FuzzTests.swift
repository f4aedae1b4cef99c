import EventCodec
import EventSourcing
import EventSourcingTesting
import HTTPTestSupport
import Testing

struct FuzzTests {
    @Test func `takes garbage whole or not at all, and never fails of it`() async throws {
        try await withPostgresService { service in
            for seed in 0..<400 as Range<UInt64> {
                var random = Seeded(seed)
                let before = try await service.head()
                let (path, body, headers) = request(&random)
                let reply = try await service.client.post(path, body, headers: headers)
                let written = try await service.head().rawValue - before.rawValue
                #expect(reply.status < 500, "seed \(seed): \(reply.text)")
                if reply.status == 200 {
                    #expect(written == 0 ? reply["idempotent-replayed"] == "true" : true, "seed \(seed)")
                } else {
                    #expect(written == 0, "seed \(seed)")
                    #expect(reply.code != nil, "seed \(seed)")
                }
            }
            // Whatever was taken can be read.
            let page = try await service.client.get("/log?limit=1000")
            #expect(page.status == 200)
            #expect(page.json.events("position").count == Int(try await service.head().rawValue))
        }
    }

    @Test func `survives whatever it is asked`() async throws {
        try await withPostgresService { service in
            try await service.append(3, to: "order-1", tags: ["a:1"])
            for seed in 0..<400 as Range<UInt64> {
                var random = Seeded(seed)
                let path = question(&random)
                let reply = try await service.client.get(path, headers: ["If-None-Match": word(&random)])
                #expect(reply.status < 500, "seed \(seed): \(path)")
                if reply.status >= 400 { #expect(reply.code != nil, "seed \(seed): \(path)") }
            }
        }
    }
}

private let words = [
    "order-1", "order", "a:1", "main", "%00", "%FF", "%2F", "%C3%A4", "..", "-1", "0", "1", "end", "1001", "backwards",
    "9223372036854775807", "9223372036854775808", "%22", "%27;--", "%F0%9F%9B%92", "Happened", "-", "order-",
]

private func word(_ random: inout Seeded) -> String { words.randomElement(using: &random) ?? "" }

private func question(_ random: inout Seeded) -> String {
    let path =
        ["/log", "/streams", "/categories", "/streams/\(word(&random))", "/streams/\(word(&random))/metadata"]
        .randomElement(using: &random) ?? ""
    let names = ["after", "before", "from", "limit", "direction", "category", "type", "tag", "log", "x"]
    let parameters = (0..<Int.random(in: 0...3, using: &random)).map { _ in
        "\(names.randomElement(using: &random) ?? "")=\(word(&random))"
    }
    return parameters.isEmpty ? path : "\(path)?\(parameters.joined(separator: "&"))"
}

/// An append that may be in order, may be damaged in its meaning, and may be damaged in its bytes.
private func request(_ random: inout Seeded) -> (path: String, body: [UInt8], headers: [String: String]) {
    let body: JSONValue
    let isSingle = Bool.random(using: &random)
    if isSingle {
        body = append(&random)
    } else {
        let streams = (0..<Int.random(in: 0...3, using: &random)).map { _ in
            append(&random).with("stream", .string(name(&random)))
        }
        body = ["streams": .array(streams)]
    }
    var bytes = body.jsonBytes
    if Int.random(in: 0..<3, using: &random) == 0 {
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let index = Int.random(in: 0..<bytes.count, using: &random)
            bytes[index] = UInt8.random(in: 0...255, using: &random)
        }
        bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random)))
    }
    let headers = [
        [:], ["If-Match": "\"\(Int.random(in: 0...3, using: &random))\""], ["If-None-Match": "*"], ["If-Match": "*"],
        ["If-Match": "\"", "If-None-Match": "x"],
    ].randomElement(using: &random)
    return (isSingle ? "/streams/fuzz-\(Int.random(in: 0...3, using: &random))" : "/appends", bytes, headers ?? [:])
}

private func name(_ random: inout Seeded) -> String {
    ["fuzz-1", "fuzz-2", "", "a\u{0}b", "ä-1", String(repeating: "x", count: 513)].randomElement(using: &random) ?? ""
}

private func append(_ random: inout Seeded) -> JSONValue {
    var append: JSONValue = [
        "events": .array((0..<Int.random(in: 0...4, using: &random)).map { _ in oddEvent(&random) })
    ]
    if Int.random(in: 0..<4, using: &random) == 0 {
        append = append.with(
            "condition",
            [
                "query": [["tags": [scalar(&random)], "types": ["Happened"]]], "after": scalar(&random),
            ])
    }
    if Int.random(in: 0..<4, using: &random) == 0 {
        append = append.with(
            "expectedRevisions", [["stream": .string(name(&random)), "expectedRevision": scalar(&random)]])
    }
    return append
}

private func oddEvent(_ random: inout Seeded) -> JSONValue {
    var odd = event(scalar(&random), tags: ["a:1"])
    for field in ["id", "type", "schemaVersion", "contentType", "payload", "tags", "metadata"]
    where Int.random(in: 0..<12, using: &random) == 0 {
        odd = odd.with(field, Bool.random(using: &random) ? scalar(&random) : [scalar(&random)])
    }
    return odd
}

private func scalar(_ random: inout Seeded) -> JSONValue {
    [
        nil, true, 0, -1, 9_223_372_036_854_775_807, 1.5e300, "", "a:1", "\u{0}", "\u{1F6D2}", "noStream", [:], [],
        ["reason": "\u{7f}"], [[[[]]]], "6f9619ff-8b86-d011-b42d-00cf4fc964ff",
    ].randomElement(using: &random) ?? nil
}
