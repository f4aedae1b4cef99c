import FaultInjection
import Testing

@Suite struct `A plan of faults` {
    @Test func `is the same for the same seed, and another one for another`() {
        let plans = [1, 1, 2].map { Array(FaultPlan(seed: $0).prefix(30)) }
        #expect(plans[0] == plans[1])
        #expect(plans[0] != plans[2])
    }

    @Test func `has every kind in each round`() {
        let count = FaultKind.allCases.count
        let kinds = FaultPlan(seed: .random(in: 0 ... .max)).prefix(3 * count).map(\.kind)
        for round in 0..<3 { #expect(Set(kinds[count * round..<count * (round + 1)]) == Set(FaultKind.allCases)) }
    }

    @Test func `keeps to the kinds that are asked for`() {
        let plan = FaultPlan(seed: 1, kinds: [.killServer, .failOver]).prefix(10)
        #expect(Set(plan.map(\.kind)) == [.killServer, .failOver])
    }
}
