/// Where commands go, for callers that do not care which store is behind it.
public protocol CommandPort: Sendable {
    /// Carries out `command` on the instance `id`; see ``CommandExecutor``.
    func execute<A: Aggregate>(
        _ command: A.Command, on id: String, as _: A.Type, expecting expected: ExpectedRevision,
        _ context: CommandContext
    ) async throws(CommandError<A.Refusal>) -> CommandReceipt

    /// The newest state of the instance `id`, and its revision (`nil`: it has no events).
    func state<A: Aggregate>(
        of id: String, as _: A.Type
    ) async throws(CommandError<A.Refusal>) -> (state: A, revision: Revision?)

    /// Carries out `decision`, which depends on events of many streams; see ``CommandExecutor``.
    func execute<D: Decision>(
        _ decision: D, provided conditions: [AppendCondition], _ context: CommandContext
    ) async throws(CommandError<D.Refusal>) -> AppendReceipt
}

extension CommandExecutor: CommandPort {}
