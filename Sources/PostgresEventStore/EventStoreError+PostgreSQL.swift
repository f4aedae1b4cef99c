internal import EventSourcing
internal import PostgresClient

extension PostgresError {
    /// Whether the same statement can succeed a little later. An append reaches none of the server's limits by itself.
    var isTransient: Bool { !saysSchemaIsMissing && sqlState?.isTransient == true }

    /// Whether it says something of the append itself, which is the same however often it is tried: data that cannot be
    /// stored, a constraint that it breaks (SQLSTATE classes 22 and 23), or a schema without what an append needs.
    /// After any other error a new connection tries again.
    var isAboutTheAppend: Bool {
        saysSchemaIsMissing || ["22", "23"].contains(sqlState?.conditionClass) && sqlState != .invalidBinaryValue
    }

    /// A table, a column, a right or a role of Strata is not there: the database was not migrated, or not as far as
    /// this program needs.
    var saysSchemaIsMissing: Bool {
        switch sqlState {
        case .undefinedTable?, .undefinedColumn?, .invalidSchemaName?, .undefinedObject?, .invalidParameterValue?,
            .insufficientPrivilege?:
            true
        default: false
        }
    }
}

/// Marks an append that is recorded in the segments, or nowhere.
private struct RecordedOrLeft: Error {}

/// What a message may say of a failure: clients read it. All of it is in the cause.
private func summary(of error: any Error) -> String { (error as? PostgresError)?.summary ?? "\(error)" }

/// What `body` reads, outside an append.
func reading<Answer>(_ body: () async throws -> Answer) async throws(EventStoreError) -> Answer {
    do { return try await body() } catch { throw EventStoreError(reading: error) }
}

extension EventStoreError {
    /// A failure outside an append.
    init(reading error: any Error) {
        if let error = error as? EventStoreError {
            self = error
        } else if let error = error as? PostgresError, error.code == .poolExhausted {
            self.init(
                .overloaded, "More reads wait for a connection than the store queues. Try again later.", cause: error)
        } else if let error = error as? PostgresError, error.code == .cancelled {
            self.init(.cancelled, "The task was cancelled while it read.", cause: error)
        } else if let error = error as? PostgresError, error.code == .poolClosed {
            self.init(.closed, "The event store is stopped. Nothing was written.", cause: error)
        } else if let error = error as? PostgresError, error.saysSchemaIsMissing {
            self.init(
                .incompatibleSchema,
                "The database has no event store, or an older one. Nothing was changed. Run 'strata migrate'.",
                cause: error)
        } else if (error as? PostgresError)?.code == .server {
            self.init(.unavailable, "The database could not answer at the moment: \(summary(of: error)).", cause: error)
        } else {
            self.init(unreachable: error)
        }
    }

    /// A failure of what writes outside an append. A commit may be on its way when its task is cancelled: unlike a
    /// read, it may have happened.
    init(writing error: any Error) {
        if (error as? PostgresError)?.code == .cancelled {
            self.init(unreachable: error)
        } else {
            self.init(reading: error)
        }
    }

    private init(unreachable error: any Error) {
        self.init(
            .unavailable, "The event store cannot be reached at the moment: \(summary(of: error)).", cause: error)
    }

    /// The log could not be reached, and an append may have been written before that.
    static func outcomeUnknown(_ cause: (any Error)?) -> EventStoreError {
        EventStoreError(
            .unavailable,
            "The log cannot be written to at the moment. Send the same append again to find out whether it was recorded.",
            cause: cause)
    }

    /// An append may have been written, and its events may have left the database since: that they were not found there
    /// says nothing.
    static var recordedOrLeft: EventStoreError {
        EventStoreError(
            .unavailable,
            """
            Whether the append was recorded is not known: events from the time of its first try have left the \
            database. Look for its events in their streams before you send it again.
            """, cause: RecordedOrLeft())
    }

    /// Whether only the segments can tell whether the append was written.
    var isRecordedOrLeft: Bool { cause is RecordedOrLeft }

    /// The log could not be reached for a while, and the append was looked for everywhere since, and is not recorded.
    static func notRecorded(_ cause: any Error) -> EventStoreError {
        EventStoreError(
            .unavailable,
            "The log could not be written to for a while. Nothing was written; send the same append again.",
            cause: cause)
    }

    /// The log could not be written to for as long as the append may take, and the append was never sent.
    static func neverSent(_ cause: (any Error)?) -> EventStoreError {
        EventStoreError(
            .unavailable, "The log cannot be written to at the moment. Nothing was written; try again later.",
            cause: cause)
    }

    /// An append that PostgreSQL never takes.
    init(refused error: PostgresError) {
        if error.saysSchemaIsMissing {
            self.init(reading: error)
        } else if error.sqlState == .queryCanceled {
            self.init(
                .unavailable,
                """
                The database took too long to look up what the append depends on. Nothing was written. Expect an exact \
                revision of a long stream, and give conditions narrow tags and the position that was read.
                """, cause: error)
        } else {
            self.init(.invalidAppend, "PostgreSQL refused the append. Nothing was written.", cause: error)
        }
    }
}
