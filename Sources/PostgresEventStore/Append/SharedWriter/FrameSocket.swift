internal import Glibc
internal import PostgresClient

/// A socket of this machine that carries frames: four bytes that say how long it is, and so many bytes.
///
/// One thread reads, and one at a time writes.
final class FrameSocket: Sendable {
    /// Larger groups are not handed over.
    static let frameBytesMax = 128 << 20

    private let descriptor: CInt

    /// Waits as long as it takes.
    init(_ descriptor: CInt) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// - Parameter silenceMax: How long the other side may take to be ready.
    static func connect(to path: String, silenceMax: Duration) throws(SocketError) -> FrameSocket {
        let socket = FrameSocket(try makeDescriptor())
        // Without it connecting waits for ever once as many others wait as the system lets.
        socket.setSilenceMax(silenceMax)
        guard try withAddress(path, { Glibc.connect(socket.descriptor, $0, $1) }) == 0 else { throw SocketError() }
        return socket
    }

    /// Sets how long bytes may take to come, or to be taken by the other side.
    func setSilenceMax(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        var time = timeval(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
        }
    }

    /// Lets whoever reads or writes fail, now and from now on.
    func shut() { shutdown(descriptor, CInt(SHUT_RDWR)) }

    /// - Parameter waits: Whether to wait for room; if not, it fails where there is none.
    func send(_ payload: [UInt8], waits: Bool = true) throws(SocketError) {
        var frame: [UInt8] = []
        frame.reserveCapacity(4 + payload.count)
        frame.append(bigEndian: UInt32(payload.count))
        frame.append(contentsOf: payload)
        var sent = 0
        while sent < frame.count {
            let count = frame[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL) | (waits ? 0 : CInt(MSG_DONTWAIT)))
            }
            if count > 0 { sent += count } else if errno != EINTR { throw SocketError() }
        }
    }

    /// Whether the other side has gone, and sends nothing more.
    var isAbandoned: Bool {
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, CInt(MSG_PEEK) | CInt(MSG_DONTWAIT)) == 0
    }

    func receive() throws(SocketError) -> [UInt8] {
        let length = Int(try receive(4).integer(at: 0, as: UInt32.self))
        guard length <= Self.frameBytesMax else {
            throw SocketError(reason: "a frame of \(length) bytes was announced")
        }
        return try receive(length)
    }

    private func receive(_ count: Int) throws(SocketError) -> [UInt8] {
        var failure: SocketError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let received = recv(descriptor, buffer.baseAddress.map { $0 + filled }, count - filled, 0)
                if received > 0 {
                    filled += received
                } else if received == 0 {
                    failure = SocketError(reason: "the other side has closed the connection")
                    return
                } else if errno != EINTR {
                    failure = SocketError()
                    return
                }
            }
        }
        if let failure { throw failure }
        return bytes
    }

    static func makeDescriptor() throws(SocketError) -> CInt {
        let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SocketError() }
        return descriptor
    }

    static func withAddress<R>(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> R
    ) throws(SocketError) -> R {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard path.utf8.count < room else { throw SocketError(reason: "'\(path)' is too long for a socket's path") }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}

/// What the system says of a socket.
struct SocketError: Error, CustomStringConvertible {
    let description: String
    /// Whether the other side was silent for too long.
    let isSilence: Bool
    /// Whether the same will fail again.
    let isFinal: Bool

    init(reason: String) {
        description = reason
        (isSilence, isFinal) = (false, false)
    }

    init(final reason: String) {
        description = reason
        (isSilence, isFinal) = (false, true)
    }

    init() {
        (isSilence, isFinal) = (errno == EAGAIN, false)
        description = isSilence ? "the other side is silent" : String(cString: strerror(errno))
    }
}
