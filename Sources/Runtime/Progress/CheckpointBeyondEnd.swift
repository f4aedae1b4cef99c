internal import EventSourcing

/// A reader has handled more of a log than there is of it: the log's database was taken back to an earlier moment, and
/// the database with the checkpoints was not.
///
/// What the log gets now would be passed over up to there, without a word.
struct CheckpointBeyondEnd: Error, CustomStringConvertible {
    let checkpoint: LogPosition
    let end: Position

    var description: String {
        "the log \(checkpoint.log) ends at \(end), and was handled up to \(checkpoint.position) already: its database was "
            + "taken back to an earlier moment. Nothing is handled until that is put right; see the guide 'Backup and "
            + "restore', under 'Back to an earlier moment'"
    }
}

extension StreamStore {
    /// - Throws: ``CheckpointBeyondEnd``.
    func requireEnds(behind checkpoints: LogPositions) async throws {
        let heads = try await heads()
        for checkpoint in checkpoints.all where checkpoint.position > heads[checkpoint.log] {
            throw CheckpointBeyondEnd(checkpoint: checkpoint, end: heads[checkpoint.log])
        }
    }
}
