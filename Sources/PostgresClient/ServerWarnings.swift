internal import CLibPQ

/// What the server has warned of; read and written on the connection's thread alone.
///
/// A commit that waits for a standby can be cancelled: the server then reports success, and says in a warning that the
/// transaction is committed here and perhaps nowhere else. Whoever takes that for durable loses it with the server.
final class ServerWarnings {
    private var last: String?

    /// Has `connection` leave its warnings here instead of writing them to standard error. The connection must not
    /// outlive this.
    func listen(to connection: OpaquePointer) {
        PQsetNoticeReceiver(
            connection,
            { context, result in
                func field(_ code: UInt8) -> String? {
                    PQresultErrorField(result, CInt(code)).map { String(cString: $0) }
                }
                guard let context, field(UInt8(ascii: "V")) == "WARNING",
                    ServerWarnings.isAboutTheCommit(sourceFunction: field(UInt8(ascii: "R")))
                else { return }
                Unmanaged<ServerWarnings>.fromOpaque(context).takeUnretainedValue().last =
                    field(UInt8(ascii: "M")) ?? "a warning"
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    /// Whether a warning that this function of the server gives may be about what is committed. Those of the server's
    /// own housekeeping, which no code tells apart, come with every transaction once they come.
    static func isAboutTheCommit(sourceFunction: String?) -> Bool {
        !["GetNewTransactionId", "GetNewMultiXactId", "asyncQueueFillWarning"].contains(sourceFunction)
    }

    /// Forgets what was said before.
    func clear() { last = nil }

    /// - Throws: ``PostgresError`` with ``PostgresError/Code/connectionLost`` when the server has warned since
    ///   ``clear()``: whether what was committed is as safe as it should be is unknown.
    func check() throws(PostgresError) {
        guard let warning = last else { return }
        throw PostgresError(.connectionLost, detail: "the server warned when it committed: \(warning)")
    }
}
