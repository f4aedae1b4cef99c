import EventCodec
import HTTPSupport
import HTTPTestSupport
import Testing

struct RequestTests {
    @Test func `decodes the path`() async throws {
        try await withServer { client, _ in
            let reply = try await client.get("/things/a%40b%3A%C3%A4")
            #expect(reply.json["name"] == "a@b:ä")
            let malformed = try await RawConnection.exchange(
                client.port, "GET /things/%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            #expect(malformed.hasPrefix("HTTP/1.1 404"))
            #expect(try await client.get("/things/%ff").status == 404)
        }
    }

    @Test func `takes the query parameters it knows, once each`() async throws {
        try await withServer { client, _ in
            #expect(try await client.get("/query?limit=7").json == ["limit": 7])
            for (query, place) in [
                ("limit=0", "limit"), ("limit=11", "limit"), ("limit=x", "limit"), ("limit=", "limit"),
                ("limit", "limit"), ("limit=1&limit=2", "limit"), ("other=1", "other"), ("limit=%zz", "limit"),
                ("limit=99999999999999999999", "limit"), ("%F0%9F%9B%92=1", "%F0%9F%9B%92"),
            ] {
                let reply = try await client.get("/query?\(query)")
                #expect(reply.status == 400, "\(query)")
                #expect(reply.places == [place], "\(query)")
            }
        }
    }

    @Test func `reads JSON alone`() async throws {
        try await withServer { client, _ in
            #expect(try await client.post("/echo", ["a": 1]).json == ["a": 1])
            let charset = ["Content-Type": "Application/JSON; charset=utf-8"]
            #expect(try await client.post("/echo", ["a": 1], headers: charset).status == 200)
            for type in ["text/plain", "application/x-www-form-urlencoded", "application/json-patch+json", ""] {
                let reply = try await client.post("/echo", ["a": 1], headers: ["Content-Type": type])
                #expect(reply.status == 415, "\(type)")
            }
            #expect(try await client.send("POST", "/echo").json == [:])
        }
    }

    @Test(arguments: ["", "{", "{\"a\":1}}", "{'a':1}", "[1,]", "nul", "{\"a\":\"\\uD800\"}", "\u{FEFF}{}"])
    func `says where a body is malformed`(text: String) async throws {
        try await withServer { client, _ in
            let reply = try await client.post("/echo", Array(text.utf8))
            #expect(reply.status == 400)
            #expect(reply.code == "malformedBody")
        }
    }

    @Test func `says which field breaks a rule of its own`() async throws {
        try await withServer { client, _ in
            let twice = try await client.post("/echo", Array(#"{"a":[{"b":1,"b":2}]}"#.utf8))
            #expect(twice.status == 422)
            #expect(twice.places == ["/a/0/b"])
            let large = try await client.post("/echo", Array(#"{"a":1e999}"#.utf8))
            #expect(large.status == 422)
            #expect(large.places == ["/a"])
            let deep = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
            #expect(try await client.post("/echo", Array(deep.utf8)).status == 422)
        }
    }

    @Test func `takes a body of one MiB and not a byte more`() async throws {
        try await withServer { client, _ in
            let text = Array("{\"a\":\"\(String(repeating: "x", count: (1 << 20) - 8))\"}".utf8)
            #expect(text.count == 1 << 20)
            #expect(try await client.post("/echo", text).status == 200)
            let reply = try await client.post("/echo", text + [0x20])
            #expect(reply.status == 413)
            #expect(reply.code == "bodyTooLarge")
            #expect(try await client.get("/health").status == 200)
        }
    }

    @Test func `does not take a body that broke off, nor one that never says its length and is too large`() async throws
    {
        try await withServer { client, _ in
            let head = "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            let broken = try await RawConnection.exchange(
                client.port, "\(head)Content-Length: 100\r\n\r\n{\"a\":1}", endsSending: true)
            #expect(broken.hasPrefix("HTTP/1.1 400") && !broken.contains("200 OK"), "\(broken)")
            let chunk = "40000\r\n\(String(repeating: " ", count: 0x40000))\r\n"
            let chunked = try await RawConnection.exchange(
                client.port,
                "\(head)Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n\(String(repeating: chunk, count: 5))0\r\n\r\n"
            )
            #expect(chunked.hasPrefix("HTTP/1.1 413"))
        }
    }

    @Test(arguments: [
        ("application/json", 200), ("*/*", 200), ("text/html, application/*;q=0.5", 200), ("text/html", 406),
        ("application/json;q=0", 406), ("application/xml, text/plain", 406),
    ])
    func `heeds what the client takes`(accept: String, status: Int) async throws {
        try await withServer { client, _ in
            let reply = try await client.get("/things/1", headers: ["Accept": accept])
            #expect(reply.status == status)
        }
    }

    @Test(arguments: [
        "GET /things/\(String(repeating: "x", count: 20_000)) HTTP/1.1\r\n\r\n",
        "GET /things/1 HTTP/1.1\r\nX: \(String(repeating: "x", count: 20_000))\r\n\r\n",
        "GET /things/1 HTTP/1.1\r\n\(String(repeating: "X: x\r\n", count: 101))\r\n",
        "BREW /things/1 HTTP/1.1\r\n\r\n", "nonsense\r\n\r\n",
    ])
    func `refuses what is no request, or has too much of a head`(text: String) async throws {
        try await withServer { client, _ in
            let reply = try await RawConnection.exchange(client.port, text)
            #expect(reply.hasPrefix("HTTP/1.1 400"))
        }
    }
}
