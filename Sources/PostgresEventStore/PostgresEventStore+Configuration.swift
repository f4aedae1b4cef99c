public import EventSourcing

extension PostgresEventStore {
    /// How a store works.
    public struct Configuration: Sendable {
        /// A libpq connection string; the schema must be there (see ``Migrator``).
        public var connectionString: String
        /// Which of the database's logs.
        public var log = LogID.main
        /// What one append may hold.
        public var limits = AppendLimits()
        /// What one read may ask for, and how many subscriptions there may be.
        public var readLimits = ReadLimits()
        /// What the queue of appends holds.
        public var queueLimits = AppendQueueLimits()
        /// How long an append may take, including the tries to reach a server that is down.
        public var appendPatience = Duration.seconds(30)
        /// The server ends a statement that takes longer; appends and reads are then tried again, or fail.
        public var statementTimeout = Duration.seconds(10)
        /// A connection that has been silent for so long while an answer is due is given up.
        public var answerTimeout = Duration.seconds(15)
        /// Connections for reading.
        public var readConnectionsMax = 4
        /// The folder of segments (see ``PostgresArchive``); without one, reading events that have left the database
        /// fails with ``EventStoreError/Code/archived``.
        public var archiveFolder: String?

        /// A folder of this machine in which processes that append to the same log find each other, so that one writes
        /// for all: much faster than taking turns at the log's lock. It is made when it is not there, must be this
        /// user's alone, and its path at most 57 bytes long. Without one each process writes by itself.
        public var writerFolder: String?
        /// The same in all processes that share the folder.
        package var writerPatience = WriterPatience()

        public init(connectionString: String) { self.connectionString = connectionString }
    }
}
