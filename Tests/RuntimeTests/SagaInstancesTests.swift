import EventSourcing
import Testing

@testable import Runtime

@Suite struct `The saga and the key in a stream's name` {
    @Test(arguments: [
        ("saga-trip:7", "trip", "7"), ("saga-trip:a:b", "trip", "a:b"), ("saga-trip::", "trip", ":"),
        ("saga-trip:\u{301}e", "trip", "\u{301}e"), ("saga-a-b:7", "a-b", "7"),
    ])
    func `are parted by the first colon, by bytes`(name: String, saga: String, key: String) {
        let instance = SagaInstances.instance(of: StreamName(recorded: name))
        #expect(instance.map { Array($0.saga.utf8) } == Array(saga.utf8))
        #expect(instance.map { Array($0.key.utf8) } == Array(key.utf8))
    }

    @Test(arguments: ["saga-trip", "saga-:7", "saga-trip:", "saga-", "saga"])
    func `are not in other names`(name: String) {
        let instance = SagaInstances.instance(of: StreamName(recorded: name))
        #expect(instance?.saga == nil)
    }
}
