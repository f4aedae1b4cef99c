import EventSourcing
import Logging
import PostgresClient
import PostgresEventStore
import PostgresServer
import Testing

@Suite struct BankTests {
    @Test func `money that is sent arrives, on PostgreSQL`() async throws {
        let connectionString = try await TemporaryPostgres.database()
        _ = try await Migrator().migrate(connectionString)
        let pool = PostgresPool(
            ConnectionConfiguration(connectionString: connectionString, role: "strata_application"))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await run(on: connectionString) }
            defer { group.cancelAll() }
            let store = PostgresEventStore.Configuration(connectionString: connectionString)
            try await PostgresEventStore.with(store, logger: Logger(label: "test")) { store in
                try await send(CommandExecutor(store: store))
            }
            let deadline = ContinuousClock.now.advanced(by: .seconds(60))
            // The read model's table is made by the program, in its own time.
            while try await balanceIfAny("bob", pool) != 40, ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(20), clock: .continuous)
            }
            #expect(try await balance(of: "bob", pool) == 40)
            #expect(try await balance(of: "ada", pool) == 60)
            #expect(try await balance(of: "nobody", pool) == nil)
        }
        await pool.close()
    }

    private func send(_ commands: CommandExecutor<PostgresEventStore>) async throws {
        for account in ["ada", "bob"] {
            _ = try await commands.execute(.open, on: account, as: Account.self, CommandContext(actor: "test"))
        }
        for command in [Account.Command.payIn(cents: 100), .send(cents: 40, to: "bob")] {
            _ = try await commands.execute(command, on: "ada", as: Account.self, CommandContext(actor: "test"))
        }
    }

    private func balanceIfAny(_ account: String, _ pool: PostgresPool) async throws -> Int64? {
        do {
            return try await balance(of: account, pool)
        } catch let error as PostgresError where error.sqlState?.rawValue == "42P01" {
            return nil
        }
    }
}
