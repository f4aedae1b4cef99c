internal import CLibPQ

/// Owns a `PGconn`: closed exactly once, when the owner goes away.
///
/// Unchecked, because libpq lets any thread use a connection as long as one does at a time: its actor sees to that.
struct ConnectionHandle: ~Copyable, @unchecked Sendable {
    let raw: OpaquePointer

    /// Connects, and blocks until that is done or has failed.
    init(_ configuration: ConnectionConfiguration) throws(PostgresError) {
        let raw = withCStrings(configuration.parameters.map(\.keyword)) { keywords in
            withCStrings(configuration.parameters.map(\.value)) { values in
                PQconnectdbParams(keywords, values, 1)
            }
        }
        guard let raw else { throw PostgresError(.connectionFailed, detail: "out of memory") }
        guard PQstatus(raw) == CONNECTION_OK else {
            defer { PQfinish(raw) }
            throw PostgresError(
                .connectionFailed,
                detail: isConnectionString(configuration.connectionString)
                    ? String(cString: PQerrorMessage(raw)) : "the connection string is malformed")
        }
        self.raw = raw
    }

    deinit { PQfinish(raw) }
}

/// Whether libpq understands all of `text`. What it says of one that it does not understand may quote it.
private func isConnectionString(_ text: String) -> Bool {
    guard let options = PQconninfoParse(text, nil) else { return false }
    PQconninfoFree(options)
    return true
}

/// Calls `body` with a null-terminated array of C strings.
private func withCStrings<R>(_ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> R) -> R {
    var bytes: [CChar] = []
    let offsets = strings.map { string in
        defer { bytes.append(contentsOf: string.utf8CString) }
        return bytes.count
    }
    return bytes.withUnsafeBufferPointer { buffer in
        var pointers = offsets.map { offset in buffer.baseAddress.map { $0 + offset } }
        pointers.append(nil)
        return pointers.withUnsafeBufferPointer { pointers in
            guard let base = pointers.baseAddress else {
                preconditionFailure("the array ends with nil, so it has a base")
            }
            return body(base)
        }
    }
}

/// Cancels what a connection is doing; can be used from any thread, and for longer than the connection is open.
///
/// Unchecked, because a `PGcancel` never changes, and `PQcancel` is made to be called from another thread.
final class CancelHandle: @unchecked Sendable {
    private let raw: OpaquePointer

    init?(_ connection: borrowing ConnectionHandle) {
        guard let raw = PQgetCancel(connection.raw) else { return nil }
        self.raw = raw
    }

    deinit { PQfreeCancel(raw) }

    /// Asks the server to end the running statement. Blocks until the server has taken the request, and for ever when
    /// it takes none.
    func cancel() {
        var message = [CChar](repeating: 0, count: 256)
        _ = PQcancel(raw, &message, CInt(message.count))
    }
}
