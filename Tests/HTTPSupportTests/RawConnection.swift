import Foundation
import Glibc

/// Bytes to a server on this machine and back, for what no HTTP client would send.
enum RawConnection {
    struct Failure: Error {}
    /// The server neither sends anything nor closes the connection.
    struct Silence: Error {}

    /// - Parameter endsSending: Whether the connection is half closed behind `text`.
    /// - Returns: What the server sends until it closes the connection.
    static func exchange(_ port: Int, _ text: String, endsSending: Bool = false) async throws -> String {
        // On a thread of its own: those of tasks must not block.
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Result { try exchangeBlocking(port, text, endsSending) })
            }
        }
    }

    /// Sends `text` over several connections, reads nothing, and keeps them until `body` is done.
    static func sendAndKeep(
        _ port: Int, _ text: String, connections: Int, _ body: () async throws -> Void
    ) async throws {
        let descriptors = (0..<connections).map { _ in socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0) }
        defer { for descriptor in descriptors { close(descriptor) } }
        for descriptor in descriptors {
            guard descriptor >= 0 else { throw Failure() }
            var size: CInt = 4_096
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<CInt>.size))
            try connect(descriptor, port)
            try send(descriptor, Array(text.utf8))
        }
        try await body()
    }

    /// Sends `text`, and then `piece` again and again until the server has closed the connection.
    ///
    /// - Returns: What the server has sent, and how many bytes it was sent behind `text`.
    /// - Throws: ``Silence`` when it does not close the connection.
    static func keepSending(
        _ port: Int, _ text: String, piece: Int, every pause: Duration
    ) async throws -> (answer: String, sent: Int) {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Result { try keepSendingBlocking(port, text, piece, pause) })
            }
        }
    }

    /// Sends `text`, and reads the answer slowly: 64 KiB every 20 ms, into little room of the system's.
    ///
    /// - Parameter onAnswer: Called once, with the first bytes of the answer.
    /// - Returns: The head of the answer, and how many bytes of its body arrived before the connection was closed.
    static func readSlowly(
        _ port: Int, _ text: String, onAnswer: @escaping @Sendable () -> Void = {}
    ) async throws -> (head: String, body: Int) {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Result { try readSlowlyBlocking(port, text, onAnswer) })
            }
        }
    }

    private static func readSlowlyBlocking(
        _ port: Int, _ text: String, _ onAnswer: () -> Void
    ) throws -> (head: String, body: Int) {
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure() }
        defer { close(descriptor) }
        var size: CInt = 65_536
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<CInt>.size))
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        try connect(descriptor, port)
        try send(descriptor, Array(text.utf8))
        var first: [UInt8] = []
        var count = 0
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let received = recv(descriptor, &buffer, buffer.count, 0)
            if received < 0, errno == EINTR { continue }
            if received < 0, errno == EAGAIN { throw Silence() }
            guard received > 0 else { break }
            if count == 0 {
                first = Array(buffer.prefix(received))
                onAnswer()
            }
            count += received
            Thread.sleep(forTimeInterval: 0.02)
        }
        // The head is short, and comes with the first bytes.
        let head = String(decoding: first, as: UTF8.self).components(separatedBy: "\r\n\r\n").first ?? ""
        return (head, count - head.utf8.count - 4)
    }

    private static func keepSendingBlocking(
        _ port: Int, _ text: String, _ size: Int, _ pause: Duration
    ) throws -> (answer: String, sent: Int) {
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure() }
        defer { close(descriptor) }
        try connect(descriptor, port)
        try send(descriptor, Array(text.utf8))
        let piece = [UInt8](repeating: 0x20, count: size)
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var sent = 0
        let deadline = ContinuousClock.now.advanced(by: .seconds(20))
        while ContinuousClock.now < deadline {
            let received = recv(descriptor, &buffer, buffer.count, CInt(MSG_DONTWAIT))
            if received > 0 { answer += buffer.prefix(received) }
            let count = Glibc.send(descriptor, piece, piece.count, CInt(MSG_DONTWAIT) | CInt(MSG_NOSIGNAL))
            if count > 0 { sent += count }
            if count < 0, errno != EAGAIN, errno != EINTR {
                return (String(decoding: answer, as: UTF8.self), sent)
            }
            Thread.sleep(forTimeInterval: pause / .seconds(1))
        }
        throw Silence()
    }

    private static func exchangeBlocking(_ port: Int, _ text: String, _ endsSending: Bool) throws -> String {
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure() }
        defer { close(descriptor) }
        try connect(descriptor, port)
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        try send(descriptor, Array(text.utf8))
        if endsSending { shutdown(descriptor, CInt(SHUT_WR)) }
        return try receive(descriptor)
    }

    private static func connect(_ descriptor: CInt, _ port: Int) throws {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw Failure() }
    }

    private static func send(_ descriptor: CInt, _ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
            guard count > 0 else { throw Failure() }
            rest = rest.dropFirst(count)
        }
    }

    private static func receive(_ descriptor: CInt) throws -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN { throw Silence() }
            // A connection that the server resets has ended, too.
            guard count > 0 else { break }
            bytes += buffer.prefix(count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
