internal import EventCodec
internal import EventSourcing

extension EventImport {
    /// How far the import of a file has come.
    public struct FileProgress: Sendable {
        public let bytesRead: Int
        /// 0 when the file has no size, as a pipe.
        public let bytesInAll: Int
        public let outcome: Outcome
    }

    /// Imports a file of one event on each line, as ``EventLine`` writes them. Empty lines are passed over, and so are
    /// events whose streams lie in other logs.
    ///
    /// When it was cut short, for whatever reason, import the same file again: what is recorded is passed over.
    ///
    /// - Throws: ``EventImportError``, which names bad lines: nothing of their batch is written, and nothing behind it.
    ///   ``EventStoreError`` as ``write(batches:progress:)`` does.
    public func importFile(
        at path: String, progress: (FileProgress) -> Void = { _ in }
    ) async throws -> Outcome {
        let file = try LineFile(path, lineBytesMax: lineBytesMax)
        let size = file.size
        var elsewhereCount = 0
        var outcome = try await write(
            batches: { try nextBatch(of: file, &elsewhereCount) },
            progress: { progress(FileProgress(bytesRead: file.bytesRead, bytesInAll: size, outcome: $0)) })
        outcome.elsewhereCount = elsewhereCount
        return outcome
    }

    /// An event of the largest size in Base64, twice over.
    private var lineBytesMax: Int { max(LineFile.lineBytesMax, 4 * min(limits.append.payloadBytesMax, 1 << 30)) }

    /// - Returns: `nil` at the end of the file.
    private func nextBatch(of file: LineFile, _ elsewhereCount: inout Int) throws -> [ImportedEvent]? {
        let firstLine = file.lineNumber + 1
        var events: [ImportedEvent] = []
        var byteCount = 0
        var bad: [(number: Int, complaint: String)] = []
        while events.count < limits.batchEventsMax, byteCount < limits.batchBytesMax, bad.count < Self.badLinesMax {
            let line: Line?
            do throws(EventImportError) {
                line = try file.withNextLine { (line) throws(EventImportError) in read(line) }
            } catch {
                // A line that is too long cannot be passed over: what lies behind it is not looked at.
                guard let number = error.badLines.first else { throw error }
                bad.append((number, EventImportError.tooLong(file.lineBytesMax)))
                break
            }
            guard let line else { break }
            switch line {
            case .event(let event, let bytes):
                events.append(event)
                byteCount += bytes
            case .empty: continue
            case .elsewhere: elsewhereCount += 1
            case .bad(let complaint): bad.append((file.lineNumber, complaint))
            }
        }
        guard bad.isEmpty else { throw EventImportError.badLines(bad, firstUnwritten: firstLine) }
        return events.isEmpty ? nil : events
    }

    /// How many bad lines are named at once.
    private static var badLinesMax: Int { 20 }

    private enum Line {
        case event(ImportedEvent, bytes: Int)
        case empty
        case elsewhere
        case bad(String)
    }

    private func read(_ line: UnsafeBufferPointer<UInt8>) -> Line {
        guard line.contains(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\r") }) else { return .empty }
        do {
            let event = try EventLine.event(line)
            guard isHere(event.stream) else { return .elsewhere }
            try check(event)
            return .event(event, bytes: line.count)
        } catch let error as EventStoreError {
            return .bad(error.message)
        } catch {
            return .bad("\(error).")
        }
    }
}
