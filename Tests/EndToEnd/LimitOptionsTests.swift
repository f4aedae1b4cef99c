import ArgumentParser
import EventSourcing
import PostgresEventStore
import StoreAPI
import Testing

@testable import strata

@Suite struct LimitOptionsTests {
    @Test func `an append may hold the largest event`() throws {
        for (bytes, appendBytes) in [(1_000, 32 << 20), (50_000_000, 50_000_000)] {
            let limits = try LimitOptions.parse(["--event-bytes-max", "\(bytes)"])
            var store = PostgresEventStore.Configuration(connectionString: "")
            limits.apply(to: &store)
            #expect(store.limits.payloadBytesMax == bytes)
            #expect(store.limits.appendBytesMax == appendBytes)
            let api = try StoreOptions.parse(["--accept-unknown-types"]).configuration(limits)
            #expect(api.appendLimits == store.limits)
        }
    }
}
