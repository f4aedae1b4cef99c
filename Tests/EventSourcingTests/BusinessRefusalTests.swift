import EventSourcing
import Testing

@Suite struct `A business refusal` {
    private enum Refusal: String, BusinessRefusal {
        case taken, notEnoughLeft
        case gone = "withdrawn"
    }

    @Test func `that is an enum of strings has its raw value as code`() {
        #expect(Refusal.notEnoughLeft.code == "notEnoughLeft")
        #expect(Refusal.gone.code == "withdrawn")
    }

    @Test func `that is an enum of strings is described by the words of its code`() {
        #expect("\(Refusal.taken)" == "taken")
        #expect("\(Refusal.notEnoughLeft)" == "not enough left")
        #expect(SagaRefusal(Refusal.notEnoughLeft).reason == "not enough left")
    }
}
