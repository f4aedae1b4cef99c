internal import EventCodec
internal import EventSourcing
internal import Foundation
internal import HTTPSupport
internal import PostgresEventStore

/// The file that `--logs` names: a JSON object with `logs`, `routing` and `defaultLog`.
///
/// ```json
/// {
///   "logs": [{"name": "main"}, {"name": "orders", "databaseVariable": "ORDERS_DATABASE_URL"}],
///   "routing": [{"categories": ["order"], "logs": ["orders"]}],
///   "defaultLog": "main"
/// }
/// ```
struct LogsFile {
    private struct Log {
        let name: LogName
        let database: String?
        let databaseVariable: String?
    }

    let path: String

    /// - Throws: ``LogsFileError``.
    func layout(mainDatabase: String) throws(LogsFileError) -> LogLayout {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw LogsFileError("the file \(path) cannot be read")
        }
        let (logs, routing) = try read(Array(data))
        let names = logs.map(\.name)
        if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
            throw LogsFileError("the file \(path) names the log \(twice) twice")
        }
        if let missing = routing.logs.subtracting(names).min() {
            throw LogsFileError("the file \(path) routes streams to the log \(missing), which is not among its logs")
        }
        var databases: [LogName: String] = [:]
        for log in logs { databases[log.name] = try database(of: log) }
        return LogLayout(mainDatabase: mainDatabase, logs: Set(names), databases: databases, routing: routing)
    }

    private func database(of log: Log) throws(LogsFileError) -> String? {
        guard let variable = log.databaseVariable else { return log.database }
        guard log.database == nil else {
            throw LogsFileError("the file \(path) gives the log \(log.name) both a database and a databaseVariable")
        }
        guard let value = ProcessInfo.processInfo.environment[variable], !value.isEmpty else {
            throw LogsFileError("the log \(log.name) needs the environment variable \(variable), which is not set")
        }
        return value
    }

    private func read(_ bytes: [UInt8]) throws(LogsFileError) -> ([Log], LogRouting) {
        do {
            return try JSONFields.read(try JSONValue(jsonBytes: bytes)) { fields in
                fields.all(
                    fields.required("logs", .array(of: Self.log, countMax: Self.countMax)),
                    fields.optional("routing", .array(of: Self.rule, countMax: Self.countMax)),
                    fields.optional("defaultLog", Self.logName)
                ).map { logs, rules, defaultLog in (logs, LogRouting(rules ?? [], default: defaultLog ?? .main)) }
            }
        } catch let problem as Problem {
            let flaws = problem.flaws.map { flaw in
                if case .body(let pointer) = flaw.place { "'\(pointer)' \(flaw.detail)" } else { flaw.detail }
            }
            throw LogsFileError("the file \(path) is not as it should be: " + flaws.joined(separator: "; "))
        } catch {
            throw LogsFileError("the file \(path) is not as it should be: \(error)")
        }
    }

    private static var countMax: Int { 1_024 }

    private static var logName: JSONRule<LogName> {
        .text("the name of a log: up to \(LogName.lengthMax) of a-z, 0-9, _ and -, the first a letter") {
            LogName(rawValue: $0)
        }
    }

    private static var log: JSONRule<Log> {
        .object { fields in
            fields.all(
                fields.required("name", logName), fields.optional("database", .string),
                fields.optional("databaseVariable", .string)
            ).map { Log(name: $0, database: $1, databaseVariable: $2) }
        }
    }

    private static var rule: JSONRule<LogRouting.Rule> {
        .object { fields in
            fields.all(
                fields.optional("categories", .array(of: category, countMax: countMax)),
                fields.optional("tenants", .array(of: tenant, countMax: 65_536)),
                fields.required("logs", logNames)
            ).map { categories, tenants, logs in
                LogRouting.Rule(categories: categories.map { Set($0) }, tenants: tenants.map { Set($0) }, logs: logs)
            }
        }
    }

    private static var logNames: JSONRule<[LogName]> {
        JSONRule { value, place in
            guard value.array?.isEmpty == false else {
                place.report("is not a list of one or more logs")
                return nil
            }
            return JSONRule.array(of: logName, countMax: countMax).read(value, place)
        }
    }

    private static var category: JSONRule<StreamCategory> {
        .text("a category: the part of a stream's name before the first '-'") { StreamCategory(rawValue: $0) }
    }

    private static var tenant: JSONRule<String> {
        .text("a tenant: a part of a stream's id without '/' and ':'") { text in
            text.isEmpty || text.contains("/") || text.contains(":") ? nil : text
        }
    }
}

/// Why a file of logs cannot be used: one sentence, which quotes no connection string.
struct LogsFileError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description + ". Nothing was changed." }
}

extension LogLayout {
    /// The same in another main database.
    func with(mainDatabase: String) -> LogLayout {
        var layout = self
        layout.mainDatabase = mainDatabase
        return layout
    }
}
