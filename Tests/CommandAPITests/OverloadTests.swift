import EventCodec
import EventSourcing
import HTTPTestSupport
import PostgresEventStore
import PostgresServer
import Support
import Testing

struct OverloadTests {
    /// A shop whose log nobody can write to for a while: what the queue holds waits, and the rest is told to come back.
    @Test func `asks to come back when the log's queue is full, and carries out what it took`() async throws {
        let connectionString = try await TemporaryPostgres.database()
        _ = try await Migrator().migrate(connectionString)
        var configuration = PostgresEventStore.Configuration(connectionString: connectionString)
        configuration.queueLimits.requestsMax = 3
        let store = PostgresEventStore(configuration, logger: quiet)
        try await withShop(on: store) { shop in
            let lock = try await HeadLock(connectionString)
            let refused = Replies()
            let carriedOut = try await withThrowingTaskGroup(of: Bool.self) { group in
                func receive(_ number: Int) {
                    group.addTask {
                        let path = "/stock/main/CD-\(number)/receive"
                        let reply = try await shop.post(path, ["quantity": 1], key: "delivery-\(number)")
                        if reply.status != 200 { await refused.note(reply) }
                        return reply.status == 200
                    }
                }
                // Decided under the lock: no other group is sent ahead of it.
                group.addTask {
                    let event = NewEvent(
                        type: "Happened", payload: Array("{}".utf8),
                        metadata: EventMetadata(correlationID: .make(), actor: "test"))
                    let stream = StreamCategory("test").stream("1")
                    _ = try await shop.store.append([event], to: stream, expecting: .any)
                    return false
                }
                try await lock.waitForWriter()
                for number in 1...8 { receive(number) }
                try await eventually { await refused.all.count == 5 }
                try await lock.release()
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            for reply in await refused.all {
                #expect(reply.status == 503)
                #expect(reply.code == "overloaded")
                #expect(reply["retry-after"] == "1")
            }
            #expect(carriedOut == 3)
            #expect(try await store.head() == Position(rawValue: 4), "nothing was written of what was refused")
            // Who comes back is served, and who was served already is not served twice.
            for number in 1...8 {
                let path = "/stock/main/CD-\(number)/receive"
                #expect(try await shop.post(path, ["quantity": 1], key: "delivery-\(number)").status == 200)
            }
            #expect(try await store.head() == Position(rawValue: 9))
        }
    }

    private actor Replies {
        private(set) var all: [Reply] = []
        func note(_ reply: Reply) { all.append(reply) }
    }
}
