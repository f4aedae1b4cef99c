import Foundation
import PostgresServer
import Support
import Testing

/// The databases of a deployment and, where it has several logs, the file that says which stream lies in which.
struct LogsFixture: Sendable {
    enum Layout: String, Sendable {
        /// Everything in one log.
        case one
        /// A log for orders, one for stock and one for payments, and `main` for the rest, in one database.
        case contexts
        /// Orders over four logs, two of which lie in a database of their own; payments and sagas with them.
        case hashed

        var logs: [String] {
            switch self {
            case .one: ["main"]
            case .contexts: ["inventory", "main", "orders", "payments"]
            case .hashed: ["main", "orders-0", "orders-1", "orders-2", "orders-3"]
            }
        }

        fileprivate var routing: String {
            switch self {
            case .one: "[]"
            case .contexts:
                """
                [{"categories": ["order"], "logs": ["orders"]}, {"categories": ["stock"], "logs": ["inventory"]},
                 {"categories": ["payment"], "logs": ["payments"]}]
                """
            case .hashed:
                """
                [{"categories": ["order", "payment", "saga"], "logs": ["orders-0", "orders-1", "orders-2", "orders-3"]}]
                """
            }
        }
    }

    let database: String
    /// What every command is told.
    let options: [String]

    init(_ layout: Layout, _ folder: URL) async throws {
        database = try await TemporaryPostgres.database()
        if layout == .one {
            options = ["--database", database]
        } else {
            let other = layout == .hashed ? try await TemporaryPostgres.database() : nil
            let logs = layout.logs.map { name in
                let database =
                    ["orders-2", "orders-3"].contains(name) ? other.map { ", \"database\": \"\($0)\"" } : nil
                return "{\"name\": \"\(name)\"\(database ?? "")}"
            }
            let file = folder.appendingPathComponent("logs.json")
            let text = "{\"logs\": [\(logs.joined(separator: ", "))], \"routing\": \(layout.routing)}"
            try Data(text.utf8).write(to: file)
            options = ["--database", database, "--logs", file.path]
        }
        let migrated = try await strata("migrate")
        try #require(migrated.status == 0, "\(migrated.errors)")
    }

    /// Runs a command of the deployment to its end.
    func strata(_ arguments: String...) async throws -> StrataProcess.Exit {
        try await StrataProcess.run(arguments: arguments + options)
    }
}
