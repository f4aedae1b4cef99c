extension CommandExecutor {
    /// Carries out `decision`, once for each command id in the whole log.
    ///
    /// Reads what the decision's query finds, lets it decide, and appends on the condition that nothing else has been
    /// recorded since that the query finds. When others were faster, it reads on and decides again.
    ///
    /// Its events carry the tag `command:<command id>`, by which a repeat is recognised before the decision could
    /// refuse it.
    ///
    /// - Parameter conditions: What the caller requires besides what the decision depends on.
    /// - Returns: Where the events stand; no streams when there was nothing to record.
    public func execute<D: Decision>(
        _ decision: D, provided conditions: [AppendCondition] = [], _ context: CommandContext
    ) async throws(CommandError<D.Refusal>) -> AppendReceipt {
        let log = try log(of: decision)
        var progress = DecisionProgress(decision, context)
        try await readOn(&progress, in: log)
        for _ in 0..<attemptsMax {
            if let earlier = progress.carriedOut {
                guard earlier.fingerprint == context.fingerprint else { throw .commandIDReused }
                return AppendReceipt(log: log.log, streams: earlier.streams, isRepeat: true)
            }
            let appends = try decide(progress)
            guard !appends.isEmpty else { return AppendReceipt(log: log.log, streams: [], isRepeat: false) }
            for append in appends where store.log(of: append.stream).log != log.log {
                throw .store(.otherLog(append.stream, log.log))
            }
            let failure: EventStoreError?
            do throws(EventStoreError) {
                let receipt = try await store.append(appends, provided: conditions + [progress.condition])
                guard receipt.isRepeat else { return receipt }
                // Whether it was the same request that recorded them is in the events.
                failure = nil
            } catch {
                guard error.code == .conflict || error.code == .invalidAppend else { throw .store(error) }
                failure = error
            }
            if try await readOn(&progress, in: log) { continue }
            try await findCarriedOut(&progress, appends)
            if let failure, progress.carriedOut == nil { throw .store(failure) }
        }
        throw .contended(attempts: attemptsMax)
    }

    private func log<D: Decision>(of decision: D) throws(CommandError<D.Refusal>) -> Store.Log {
        if let home = decision.home { return store.log(of: home) }
        guard store.logs.count == 1 else {
            throw .store(
                EventStoreError(
                    .invalidAppend,
                    "There are several logs, and the decision does not say which one it is about. Nothing was written; "
                        + "give it a home."))
        }
        return store.logs[0]
    }

    private func decide<D: Decision>(
        _ progress: DecisionProgress<D>
    ) throws(CommandError<D.Refusal>) -> [StreamAppend] {
        let decided: [DecidedEvents<D.Event>]
        do throws(D.Refusal) { decided = try progress.decision.decide() } catch { throw .refused(error) }
        do throws(EventCodingError) { return try progress.appends(decided) } catch { throw .unreadable(error) }
    }

    /// Reads what the decision's query finds, up to the end of the log. A page says how far it goes, so that nothing is
    /// left out between two of them.
    ///
    /// - Returns: Whether there was anything new.
    @discardableResult
    private func readOn<D: Decision>(
        _ progress: inout DecisionProgress<D>, in log: Store.Log
    ) async throws(CommandError<D.Refusal>) -> Bool {
        var hasFound = false
        while true {
            let page: LogPage
            do throws(EventStoreError) {
                page = try await log.readLog(
                    after: progress.position, .forwards, filter: EventFilter(query: progress.query), limit: 1_000)
            } catch {
                throw .store(error)
            }
            do throws(EventCodingError) { try progress.apply(page) } catch { throw .unreadable(error) }
            hasFound = hasFound || !page.events.isEmpty
            guard page.through < page.head else { return hasFound }
        }
    }

    /// Looks for what the command recorded when it was carried out as a command on an aggregate, whose events do not
    /// carry its tag.
    private func findCarriedOut<D: Decision>(
        _ progress: inout DecisionProgress<D>, _ appends: [StreamAppend]
    ) async throws(CommandError<D.Refusal>) {
        do throws(EventStoreError) {
            for append in appends {
                for event in append.events {
                    guard let found = try await store.find(event.id, in: append.stream) else { break }
                    progress.note(found)
                }
            }
        } catch {
            throw .store(error)
        }
    }
}

extension EventStoreError {
    /// The query was read in one log, and the condition would be checked in another.
    fileprivate static func otherLog(_ stream: StreamName, _ home: LogName) -> EventStoreError {
        EventStoreError(
            .invalidAppend,
            """
            The decision has its home in the log \(home), and records in \(stream), which lies in another. Nothing was \
            written; give it a home that lies with what it records.
            """)
    }
}
