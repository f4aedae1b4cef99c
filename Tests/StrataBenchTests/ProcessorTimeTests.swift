import Testing

@testable import StrataBench

@Suite struct `Processor time` {
    @Test func `adds the time in user and in kernel mode, whatever the process is called`() {
        let behindName = " S 1 1 1 0 -1 4194560 1203 0 2 0 150 27 0 0 20 0 3 0 51 1024 99"
        for name in ["postgres", "postgres: old [local]", "a) b (c"] {
            #expect(ProcessorTime.ticks(in: "4711 (\(name))\(behindName)") == 177)
        }
    }

    @Test(arguments: ["", "4711 (postgres) S 1 1", "4711 (postgres"])
    func `takes what is no such line for no time`(line: String) {
        #expect(ProcessorTime.ticks(in: line) == 0)
    }
}
