internal import Glibc

/// A socket at a path, to which others connect.
final class FrameListener: Sendable {
    private let descriptor: CInt
    private static let pauseMicroseconds: useconds_t = 10_000

    /// Takes the place of whatever is at `path`.
    init(at path: String) throws(SocketError) {
        descriptor = try FrameSocket.makeDescriptor()
        unlink(path)
        let isBound = try FrameSocket.withAddress(path) { bind(descriptor, $0, $1) == 0 }
        guard isBound, listen(descriptor, 64) == 0 else { throw SocketError() }
    }

    deinit { close(descriptor) }

    /// - Returns: `nil` once it is shut.
    func accept() -> FrameSocket? {
        while true {
            let client = Glibc.accept(descriptor, nil, nil)
            if client >= 0 {
                _ = fcntl(client, F_SETFD, FD_CLOEXEC)
                return FrameSocket(client)
            }
            switch errno {
            case EINTR, ECONNABORTED: continue
            case EINVAL: return nil
            // Out of descriptors, say. Others could connect and would wait in vain if nobody came back to accept.
            default: usleep(Self.pauseMicroseconds)
            }
        }
    }

    func shut() { shutdown(descriptor, CInt(SHUT_RDWR)) }
}
