/// Why a private PostgreSQL could not be had. Its description is one sentence that names the way out, followed by
/// the end of the server's log where there is one.
public struct PostgresServerError: Error, Sendable {
    /// The kinds of failure. New ones may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Base: String {
            case notInstalled, noUnprivilegedUser, wrongVersion, folderUnusable, noData, initialisationFailed
            case startFailed, timedOut, cancelled, notOwned, statementFailed
        }
        private let base: Base

        /// There is no PostgreSQL on this machine.
        public static let notInstalled = Code(base: .notInstalled)
        /// The program runs as root, PostgreSQL must not, and there is no user that it could run as.
        public static let noUnprivilegedUser = Code(base: .noUnprivilegedUser)
        /// The data was written by a major version that is not installed.
        public static let wrongVersion = Code(base: .wrongVersion)
        /// The folder cannot be created, read or written.
        public static let folderUnusable = Code(base: .folderUnusable)
        /// There is no server's data in the folder, and none were to be made.
        public static let noData = Code(base: .noData)
        /// `initdb` failed.
        public static let initialisationFailed = Code(base: .initialisationFailed)
        /// The server ended before it answered.
        public static let startFailed = Code(base: .startFailed)
        /// The server did not answer in time.
        public static let timedOut = Code(base: .timedOut)
        /// The task was cancelled; what had been started was stopped.
        public static let cancelled = Code(base: .cancelled)
        /// Another program runs the server, so it is not this one's to stop or to restart.
        public static let notOwned = Code(base: .notOwned)
        /// The server refused an administrative statement.
        public static let statementFailed = Code(base: .statementFailed)

        public var description: String { base.rawValue }
    }

    public let code: Code
    /// What happened and the way out, in one sentence.
    public let message: String
    /// The end of what PostgreSQL had to say; empty when it said nothing.
    public let log: String

    static var cancelled: PostgresServerError {
        PostgresServerError(.cancelled, "The start of PostgreSQL was cancelled.")
    }

    static func noData(_ folder: String) -> PostgresServerError {
        PostgresServerError(
            .noData,
            "There is no PostgreSQL of Strata's in \(folder): name the folder that it is in, or begin with 'strata up'. "
                + "Nothing was changed.")
    }

    init(_ code: Code, _ message: String, log: String = "") {
        self.code = code
        self.message = message
        self.log = log
    }
}

extension PostgresServerError: CustomStringConvertible {
    public var description: String {
        guard !log.isEmpty else { return message }
        let lines = log.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
        return "\(message)\nPostgreSQL's last words:\n\(lines)"
    }
}
