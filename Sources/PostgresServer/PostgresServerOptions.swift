extension PostgresServer {
    /// How a server is found, set up and waited for.
    public struct Options: Sendable {
        /// Server settings, by name, that win over the ones Strata chooses.
        public var settings: [String: String]
        /// The database that exists once the server has started.
        public var database: String
        /// How long the server may take to answer; recovery after a crash is part of it.
        public var startTimeout: Duration
        /// How long a stop may take before it is made a hard one, which the next start recovers from.
        public var stopTimeout: Duration
        /// Where `initdb` and `postgres` are; `nil`: they are looked for.
        public var binaries: String?
        /// Whether a server without data gets new ones; otherwise it is not started.
        public var makesData: Bool
        /// Where the data goes when root starts the server in a folder that the server's user cannot enter.
        public var fallbackFolder: String

        public init(
            settings: [String: String] = [:], database: String = "strata", startTimeout: Duration = .seconds(300),
            stopTimeout: Duration = .seconds(60), binaries: String? = nil, makesData: Bool = true,
            fallbackFolder: String = "/var/lib/strata"
        ) {
            self.settings = settings
            self.database = database
            self.startTimeout = startTimeout
            self.stopTimeout = stopTimeout
            self.binaries = binaries
            self.makesData = makesData
            self.fallbackFolder = fallbackFolder
        }

        /// Whether data must survive a power cut.
        var isDurable: Bool { settings["fsync"] != "off" }
    }
}
