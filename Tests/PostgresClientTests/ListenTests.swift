import PostgresClient
import PostgresServer
import Testing

@Suite struct `Listening` {
    @Test func `hears what others send, in its order`() async throws {
        try await withTwo { listener, sender in
            let notifications = try await listener.listen(on: "news")
            try await sender.run { session in
                for number in 0..<50 {
                    try session.execute("SELECT pg_notify($1, $2)", [.text("news"), .text("\(number)")])
                }
            }
            var payloads: [String] = []
            for await notification in notifications {
                #expect(notification.channel == "news")
                payloads.append(notification.payload)
                if payloads.count == 50 { break }
            }
            #expect(payloads == (0..<50).map(String.init))
        }
    }

    @Test func `hears of its own channel alone, whatever that is called`() async throws {
        try await withTwo { listener, sender in
            let notifications = try await listener.listen(on: "odd \"name\"")
            try await sender.run { session in
                for channel in ["news", "odd \"name\""] {
                    try session.execute("SELECT pg_notify($1, $2)", [.text(channel), .text("for \(channel)")])
                }
            }
            let first = await notifications.first { _ in true }
            #expect(first?.payload == "for odd \"name\"")
        }
    }

    @Test func `hears nothing of what is rolled back`() async throws {
        try await withTwo { listener, sender in
            let notifications = try await listener.listen(on: "news")
            try await sender.run { session in
                try session.executeScript("BEGIN; NOTIFY news, 'never'; ROLLBACK; NOTIFY news, 'now'")
            }
            #expect(await notifications.first { _ in true }?.payload == "now")
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `ends when the server ends the connection`() async throws {
        try await withTwo { listener, sender in
            let pid = try await listener.run { try $0.number("SELECT pg_backend_pid()::bigint") }
            let notifications = try await listener.listen(on: "news")
            try await sender.run { _ = try $0.execute("SELECT pg_terminate_backend($1)", [.int32(Int32(pid))]) }
            for await _ in notifications {}
            await expect(.connectionLost) { _ = try await listener.run { try $0.number("SELECT 1::bigint") } }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `ends when the connection is closed`() async throws {
        try await withTwo { listener, _ in
            let notifications = try await listener.listen(on: "news")
            await listener.close()
            for await _ in notifications {}
        }
    }

    private func withTwo(_ body: (_ listener: PostgresConnection, _ sender: PostgresConnection) async throws -> Void)
        async throws
    {
        let configuration = ConnectionConfiguration(connectionString: try await TemporaryPostgres.database())
        let (listener, sender) = (
            try await PostgresConnection.connect(configuration), try await PostgresConnection.connect(configuration)
        )
        let result = await Result { try await body(listener, sender) }
        await listener.close()
        await sender.close()
        try result.get()
    }
}
