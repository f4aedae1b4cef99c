internal import Foundation

/// What a test makes chance from: a new number each time, or what the environment's `STRATA_TEST_SEED` says, to run it
/// again as it was.
public func testSeed() -> UInt64 {
    ProcessInfo.processInfo.environment["STRATA_TEST_SEED"].flatMap { UInt64($0) } ?? .random(in: 0 ... .max)
}
