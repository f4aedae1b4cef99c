internal import FoundationEssentials

extension SnapshottingAggregate where Self: Codable {
    public init(snapshot: [UInt8]) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(snapshot))
    }

    public func snapshot() throws -> [UInt8] {
        Array(try JSONEncoder().encode(self))
    }
}
