/// Why PostgreSQL, or the way to it, did not do what it was asked for.
///
/// `description` is for whoever runs the program: it holds neither a password nor any value of a statement, and of a
/// connection that could not be made what libpq says, which names host, user and database. `summary` goes without that,
/// for everybody else. `debugDescription` holds what the server said, for logs that may hold data.
public struct PostgresError: Error, Sendable {
    /// The kinds of failure. New ones may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Base: String {
            case server, connectionFailed, connectionLost, timedOut, cancelled, poolClosed, poolExhausted,
                protocolViolation
        }
        private let base: Base

        /// The server refused a statement; ``PostgresError/sqlState`` says why. Its transaction is rolled back.
        public static let server = Code(base: .server)
        /// No connection could be made. Nothing was sent.
        public static let connectionFailed = Code(base: .connectionFailed)
        /// The connection broke; whether an open commit happened is unknown.
        public static let connectionLost = Code(base: .connectionLost)
        /// Waiting took too long. Nothing was sent.
        public static let timedOut = Code(base: .timedOut)
        /// The task was cancelled, and with it the statement.
        public static let cancelled = Code(base: .cancelled)
        /// The pool is shut down. Nothing was sent.
        public static let poolClosed = Code(base: .poolClosed)
        /// More callers wait for a connection than the pool allows. Nothing was sent.
        public static let poolExhausted = Code(base: .poolExhausted)
        /// The server answered in a form that was not asked for: a bug in the statement's reader.
        public static let protocolViolation = Code(base: .protocolViolation)

        public var description: String { base.rawValue }
    }

    public let code: Code
    /// The five characters of the server's SQLSTATE.
    public let sqlState: SQLState?
    /// The constraint that a row would break.
    public let constraint: String?
    private let detail: String

    public init(_ code: Code, sqlState: SQLState? = nil, constraint: String? = nil, detail: String) {
        self.code = code
        self.sqlState = sqlState
        self.constraint = constraint
        self.detail = detail
    }
}

extension PostgresError: CustomStringConvertible, CustomDebugStringConvertible {
    /// What happened, and nothing of where the database is and who connects to it.
    package var summary: String {
        let state = sqlState.map { " (SQLSTATE \($0.rawValue))" } ?? ""
        return switch code {
        case .server: "PostgreSQL refused a statement\(state)"
        case .connectionFailed: "no connection to PostgreSQL could be made\(state)"
        case .connectionLost: "the connection to PostgreSQL was lost\(state)"
        case .timedOut: "waiting for a connection to PostgreSQL took too long"
        case .cancelled: "the statement was cancelled\(state)"
        case .poolClosed: "the connection pool is closed"
        case .poolExhausted: "too many callers wait for a connection to PostgreSQL"
        default: "PostgreSQL answered in an unexpected form"
        }
    }

    public var description: String { code == .connectionFailed ? "\(summary): \(detailInOneLine)" : summary }

    public var debugDescription: String { code == .connectionFailed ? description : "\(summary): \(detail)" }

    private var detailInOneLine: String { detail.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}

/// A SQLSTATE (PostgreSQL manual, appendix A).
public struct SQLState: RawRepresentable, Hashable, Sendable {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let uniqueViolation = SQLState(rawValue: "23505")
    public static let queryCanceled = SQLState(rawValue: "57014")
    public static let inFailedTransaction = SQLState(rawValue: "25P02")
    public static let readOnlyTransaction = SQLState(rawValue: "25006")
    public static let undefinedTable = SQLState(rawValue: "42P01")
    public static let undefinedColumn = SQLState(rawValue: "42703")
    public static let insufficientPrivilege = SQLState(rawValue: "42501")
    public static let invalidSchemaName = SQLState(rawValue: "3F000")
    public static let undefinedObject = SQLState(rawValue: "42704")
    public static let invalidParameterValue = SQLState(rawValue: "22023")
    public static let invalidBinaryValue = SQLState(rawValue: "22P03")
    public static let lockNotAvailable = SQLState(rawValue: "55P03")

    /// The first two characters: the class of the condition.
    public var conditionClass: Substring { rawValue.prefix(2) }

    /// Whether the same statement can succeed a little later: a lock that was not given in time, a server that is
    /// short of resources, stops or only reads at the moment (classes 40, 53, 55, 57 and 25006), or has reached a limit
    /// (class 54): of notifications that nobody fetches, of transaction ids.
    package var isTransient: Bool {
        ["40", "53", "54", "55", "57"].contains(conditionClass) || self == .readOnlyTransaction
    }
}
