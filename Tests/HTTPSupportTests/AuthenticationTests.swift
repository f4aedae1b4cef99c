import EventCodec
import HTTPSupport
import HTTPTestSupport
import Testing

struct AuthenticationTests {
    private let staff = TokenEntry.make(for: Principal(actor: "ada", roles: .staff))
    private let auditor = TokenEntry.make(for: Principal(actor: "bob", roles: .auditor))

    @Test func `lets in who has a token, under the token's name`() async throws {
        try await withServer(.tokens([staff.entry, auditor.entry])) { client, _ in
            let headers = ["Authorization": "Bearer \(staff.token)", "Strata-Actor": "mallory"]
            let own = try await client.get("/things/1", headers: headers)
            #expect(own.json["actor"] == "ada")
            let other = try await client.get("/things/1", headers: ["Authorization": "bearer \(auditor.token)"])
            #expect(other.json["actor"] == "bob")
        }
    }

    @Test func `asks for a token`() async throws {
        try await withServer(.tokens([staff.entry])) { client, _ in
            for header in ["", "Bearer", "Bearer x", "Bearer \(staff.token)x", "Basic YTpi", staff.token, "Bearer a b"]
            {
                let reply = try await client.get("/things/1", headers: ["Authorization": header])
                #expect(reply.status == 401, "\(header)")
                #expect(reply.code == "unauthenticated")
                #expect(reply["www-authenticate"]?.hasPrefix("Bearer") == true)
            }
            #expect(try await client.get("/health").status == 200)
        }
    }

    @Test func `lets each role do what it may`() async throws {
        try await withServer(.tokens([staff.entry, auditor.entry])) { client, _ in
            let asStaff = ["Authorization": "Bearer \(staff.token)"]
            let asAuditor = ["Authorization": "Bearer \(auditor.token)"]
            #expect(try await client.post("/echo", ["a": 1], headers: asStaff).status == 200)
            let reply = try await client.post("/echo", ["a": 1], headers: asAuditor)
            #expect(reply.status == 403)
            #expect(reply.code == "forbidden")
            #expect(try await client.send("DELETE", "/things/1", headers: asStaff).status == 403)
        }
    }

    @Test func `believes whoever is on this machine`() async throws {
        try await withServer { client, _ in
            let anonymous = try await client.get("/things/1")
            #expect(anonymous.json["actor"] == "anonymous")
            let ada = try await client.get("/things/1", headers: ["Strata-Actor": "ada"])
            #expect(ada.json["actor"] == "ada")
            let long = String(repeating: "a", count: 129)
            #expect(try await client.get("/things/1", headers: ["Strata-Actor": long]).status == 400)
        }
    }

    @Test func `does not answer to a foreign name for this machine`() async throws {
        try await withServer { client, _ in
            for (host, status) in [
                ("evil.example:8081", 403), ("localhost:1", 200), ("127.0.0.1", 200), ("[::1]:8081", 200),
            ] {
                let reply = try await RawConnection.exchange(
                    client.port, "GET /things/1 HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n")
                #expect(reply.hasPrefix("HTTP/1.1 \(status)"), "\(host)")
            }
        }
    }
}
