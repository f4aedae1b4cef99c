import Testing

@testable import EventSourcing

@Suite struct `The commands that an aggregate knows` {
    private let stream = StreamCategory("test").stream("1")

    private func id(_ number: Int) -> CommandID { .derived(from: "\(number)") }

    private func note(_ numbers: Range<Int>, in commands: inout KnownCommands) {
        for number in numbers {
            commands.note(
                id(number),
                .init(
                    revision: Revision(rawValue: Int64(number)), position: LogPosition(.main, .start), fingerprint: nil)
            )
        }
    }

    private func revision(_ number: Int, in commands: KnownCommands) -> Int64? {
        guard case .carriedOut(let carriedOut) = commands.knowledge(of: id(number)) else { return nil }
        return carriedOut.revision.rawValue
    }

    private func isPerhapsKnown(_ number: Int, in commands: KnownCommands) -> Bool {
        if case .perhaps = commands.knowledge(of: id(number)) { true } else { false }
    }

    private func isUnknown(_ number: Int, in commands: KnownCommands) -> Bool {
        if case .never = commands.knowledge(of: id(number)) { true } else { false }
    }

    @Test func `are remembered in full while they are among the newest thousand`() {
        var commands = KnownCommands(of: stream)
        note(0..<5_000, in: &commands)
        for number in 4_000..<5_000 { #expect(revision(number, in: commands) == Int64(number)) }
    }

    @Test func `are not denied after that, and others hardly ever suspected`() {
        var commands = KnownCommands(of: stream)
        note(0..<5_000, in: &commands)
        for number in 0..<3_000 { #expect(isPerhapsKnown(number, in: commands)) }
        #expect((10_000..<11_000).count { !isUnknown($0, in: commands) } <= 1)
    }

    @Test func `take no more room than a limit allows, and beyond it nothing is denied`() {
        var commands = KnownCommands(of: stream, forgotten: Set((0..<99_500).map { id($0).eventID(0, in: stream) }))
        #expect(isPerhapsKnown(7, in: commands))
        #expect(isUnknown(200_000, in: commands))
        note(100_000..<103_000, in: &commands)
        #expect(isPerhapsKnown(7, in: commands))
        #expect(isPerhapsKnown(200_000, in: commands), "the store is asked")
        #expect(revision(102_999, in: commands) == 102_999)
    }

    @Test func `that a snapshot stands for are not denied when they are too many to name`() {
        let commands = KnownCommands(of: stream, forgotten: nil)
        #expect(isPerhapsKnown(1, in: commands))
    }

    @Test func `are known by the last of their events`() {
        var commands = KnownCommands(of: stream)
        note(0..<999, in: &commands)
        // The generation changes between two events of this command.
        for revision in 999..<1_002 as Range<Int64> {
            commands.note(
                id(999),
                .init(revision: Revision(rawValue: revision), position: LogPosition(.main, .start), fingerprint: nil))
        }
        #expect(revision(999, in: commands) == 1_001)
    }
}
