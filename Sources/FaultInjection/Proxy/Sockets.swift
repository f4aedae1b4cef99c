internal import Glibc

/// The few things done to sockets.
enum Sockets {
    /// A socket that has a port of this machine; 0: any that is free. Nobody can connect to it before it listens.
    static func bind(port: UInt16) throws -> CInt {
        let socket = socket(AF_INET, stream, 0)
        var on: CInt = 1
        // Lets one socket keep the port while others that listen on it come and go.
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<CInt>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        guard withAddress(&address, { Glibc.bind(socket, $0, $1) == 0 }) else { throw failure(socket) }
        return socket
    }

    static func listen(port: UInt16) throws -> CInt {
        let socket = try bind(port: port)
        guard Glibc.listen(socket, 128) == 0 else { throw failure(socket) }
        return socket
    }

    private static func failure(_ socket: CInt) -> FaultError {
        let reason = String(cString: strerror(errno))
        close(socket)
        return FaultError("no port to listen on: \(reason)")
    }

    static func port(of socket: CInt) -> UInt16 {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withAddress(&address) { pointer, _ in getsockname(socket, pointer, &length) }
        return UInt16(bigEndian: address.sin_port)
    }

    /// - Returns: `nil` once the listening socket was shut.
    static func accept(_ listener: CInt) -> CInt? {
        while true {
            let client = Glibc.accept(listener, nil, nil)
            if client >= 0 {
                _ = fcntl(client, F_SETFD, FD_CLOEXEC)
                sendAtOnce(client)
                return client
            }
            if errno != EINTR && errno != ECONNABORTED { return nil }
        }
    }

    /// Connects to the PostgreSQL whose socket is in `folder`.
    static func connect(folder: String) -> CInt? {
        let socket = socket(AF_UNIX, stream, 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { path in
            path.copyBytes(from: "\(folder)/.s.PGSQL.5432".utf8.prefix(path.count - 1))
        }
        if withAddress(&address, { Glibc.connect(socket, $0, $1) == 0 }) { return socket }
        close(socket)
        return nil
    }

    /// - Returns: How many bytes came; 0 at the end, or when the connection broke.
    static func read(_ socket: CInt, _ buffer: inout [UInt8]) -> Int {
        while true {
            let count = Glibc.read(socket, &buffer, buffer.count)
            if count >= 0 { return count }
            if errno != EINTR { return 0 }
        }
    }

    /// - Returns: Whether all was written.
    static func write(_ bytes: ArraySlice<UInt8>, to socket: CInt) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }

    /// Two ends of one connection.
    static func pair() throws -> (CInt, CInt) {
        var ends: [CInt] = [-1, -1]
        guard socketpair(AF_UNIX, stream, 0, &ends) == 0 else { throw failure(-1) }
        return (ends[0], ends[1])
    }

    /// Calls `take` with each line that comes, until the end.
    static func readLines(_ socket: CInt, _ take: ([UInt8]) -> Void) {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        var line: [UInt8] = []
        while case let count = read(socket, &buffer), count > 0 {
            for byte in buffer[..<count] {
                guard byte == UInt8(ascii: "\n") else {
                    line.append(byte)
                    continue
                }
                take(line)
                line = []
            }
        }
    }

    static func shut(_ socket: CInt) { shutdown(socket, CInt(SHUT_RDWR)) }

    static func close(_ socket: CInt) { _ = Glibc.close(socket) }

    private static var stream: CInt { CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue) }

    private static func sendAtOnce(_ socket: CInt) {
        var on: CInt = 1
        setsockopt(socket, CInt(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<CInt>.size))
    }

    private static func withAddress<Address, R>(
        _ address: inout Address, _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> R
    ) -> R {
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<Address>.size))
            }
        }
    }
}
