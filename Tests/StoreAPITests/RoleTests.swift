import EventCodec
import EventSourcing
import HTTPSupport
import HTTPTestSupport
import Testing

struct RoleTests {
    @Test func `lets services and operators append, auditors read, and the shop's people neither`() async throws {
        let tokens = ["service", "operator", "auditor", "staff", "customer"].map { name in
            (name, TokenEntry.make(for: Principal(actor: name, roles: Roles(name: name) ?? [], customerID: "1")))
        }
        try await withService(InMemoryEventStore(), anyType, .tokens(tokens.map(\.1.entry))) { service in
            for (name, token) in tokens {
                let bearer = ["Authorization": "Bearer \(token.token)"]
                let mayWrite = ["service", "operator"].contains(name)
                let mayRead = mayWrite || name == "auditor"
                let body: JSONValue = ["streams": [["stream": "b-\(name)", "events": [event()]]]]
                for (path, body) in [("/streams/a-\(name)", appending()), ("/appends", body)] {
                    let reply = try await service.client.post(path, body, headers: bearer)
                    #expect(reply.status == (mayWrite ? 200 : 403), "\(name) \(path)")
                }
                for path in ["/log", "/streams", "/categories", "/streams/a-service", "/streams/a-service/metadata"] {
                    let reply = try await service.client.get(path, headers: bearer)
                    #expect(reply.status == (mayRead ? 200 : 403), "\(name) \(path)")
                }
                let followed = try await service.client.stream("/log/follow", headers: bearer) { status, _ in status }
                #expect(followed == (mayRead ? 200 : 403), "\(name)")
            }
            #expect(try await service.client.get("/log").status == 401)
            #expect(try await service.append(to: "a-1").status == 401)
            let page = try await service.store.readAll(.init(recorded: "a-service"))
            #expect(page.map(\.metadata.actor) == ["service"], "the actor is the token's, whatever the client says")
        }
    }
}
