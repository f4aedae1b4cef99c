/// How connections are made.
public struct ConnectionConfiguration: Sendable {
    /// A libpq connection string or URI (PostgreSQL manual, 34.1.1); TLS, several hosts and
    /// `target_session_attrs` come from here.
    public var connectionString: String
    /// Shown in `pg_stat_activity`.
    public var applicationName: String
    /// The server ends a statement that takes longer, and a session that waits for longer in the middle of a
    /// transaction; `nil`: never.
    public var statementTimeout: Duration?
    /// The server ends a wait for a lock that takes longer.
    public var lockTimeout: Duration?
    /// A connection that is silent for so long while an answer is due is given up, and what was sent on it has an
    /// unknown outcome. `nil`: five seconds longer than ``statementTimeout``, so that the server comes first; without
    /// that, never. (TCP finds out about a peer that is gone, and not about one that has stalled.)
    public var answerTimeout: Duration?
    /// How long a connection may take to be made, for each host.
    public var connectTimeoutSeconds: Int
    /// Schemas in which names without one are looked for, first to last.
    public var searchPath: [String]
    /// The role to work as, in place of the one that connects.
    public var role: String?
    /// Further settings of each session: names and values of the server's run-time parameters.
    public var settings: [String: String]

    public init(
        connectionString: String, applicationName: String = "strata", statementTimeout: Duration? = .seconds(30),
        lockTimeout: Duration? = .seconds(10), answerTimeout: Duration? = nil, connectTimeoutSeconds: Int = 10,
        searchPath: [String] = [],
        role: String? = nil, settings: [String: String] = [:]
    ) {
        self.connectionString = connectionString
        self.applicationName = applicationName
        self.statementTimeout = statementTimeout
        self.lockTimeout = lockTimeout
        self.answerTimeout = answerTimeout
        self.connectTimeoutSeconds = connectTimeoutSeconds
        self.searchPath = searchPath
        self.role = role
        self.settings = settings
    }

    /// How long the server may be silent.
    var silenceMax: Duration? { answerTimeout ?? statementTimeout.map { $0 + .seconds(5) } }

    /// Keywords and values for `PQconnectdbParams`; the connection string comes last and so wins over defaults here.
    var parameters: [(keyword: String, value: String)] {
        [
            ("fallback_application_name", applicationName),
            ("client_encoding", "UTF8"),
            ("connect_timeout", String(connectTimeoutSeconds)),
            ("keepalives_idle", "10"),
            ("keepalives_interval", "5"),
            ("keepalives_count", "3"),
            ("tcp_user_timeout", "30000"),
            ("dbname", connectionString),
        ]
    }

    /// What each new connection is set to.
    var sessionSettings: String {
        var settings = ["SET TimeZone = 'UTC'", "SET client_min_messages = 'warning'"]
        if let statementTimeout {
            settings.append("SET statement_timeout = \(statementTimeout.milliseconds)")
            // Of a client that stalls in the middle of a transaction, and so keeps its locks, the server hears nothing
            // at all.
            settings.append("SET idle_in_transaction_session_timeout = \(statementTimeout.milliseconds)")
        }
        if let lockTimeout { settings.append("SET lock_timeout = \(lockTimeout.milliseconds)") }
        if !searchPath.isEmpty {
            settings.append("SET search_path = " + searchPath.map(quotedIdentifier).joined(separator: ", "))
        }
        for (name, value) in self.settings.sorted(by: { $0.key < $1.key }) {
            settings.append("SELECT set_config(\(quotedLiteral(name)), \(quotedLiteral(value)), false)")
        }
        if let role { settings.append("SET ROLE \(quotedIdentifier(role))") }
        return settings.joined(separator: "; ")
    }
}

/// `name` as an SQL identifier, whatever characters it has.
public func quotedIdentifier(_ name: String) -> String {
    "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
}

/// `text` as an SQL string, whatever characters it has.
private func quotedLiteral(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
}

extension Duration {
    var milliseconds: Int64 { components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000 }
}
