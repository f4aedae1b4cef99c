internal import PostgresClient

/// What a leader says to whoever connects.
struct Greeting: Equatable {
    /// Raised whenever frames, or rows, change their form.
    private static let currentVersion: UInt32 = 1

    private let version: UInt32
    /// The advisory lock that the leader's session holds.
    let token: Int64

    init(token: Int64) {
        version = Self.currentVersion
        self.token = token
    }

    var isOfThisVersion: Bool { version == Self.currentVersion }

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: version)
        bytes.append(bigEndian: token)
        return bytes
    }

    /// - Returns: `nil` when it is none.
    init?(_ frame: [UInt8]) {
        var reader = FrameReader(frame)
        do throws(MalformedFrame) {
            version = try reader.integer(UInt32.self)
            token = try reader.integer(Int64.self)
            try reader.end()
        } catch {
            return nil
        }
    }
}
