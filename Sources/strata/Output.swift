internal import ArgumentParser
internal import EventCodec
internal import Glibc

/// Prints a result on a line of its own, at once: also into a pipe or a file.
///
/// - Throws: ``OutputFailure``; an exit code without a word when nobody reads any more.
func printLine(_ text: String) throws { try write(Array((text + "\n").utf8), to: STDOUT_FILENO) }

/// Prints an object on a line of its own.
func printJSON(_ object: JSONObject) throws { try write(object.jsonBytes + [0x0A], to: STDOUT_FILENO) }

/// Says something that is no result: to standard error, so that results can be piped.
func note(_ text: String) { try? write(Array((text + "\n").utf8), to: STDERR_FILENO) }

/// Writes all of `bytes`. The program ignores SIGPIPE, so that it ends what it has begun when its output goes nowhere.
func write(_ bytes: [UInt8], to descriptor: CInt) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if count > 0 { rest = rest.dropFirst(count) }
        guard count < 0 else { continue }
        switch errno {
        case EINTR: continue
        case EAGAIN:
            var descriptors = [pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)]
            poll(&descriptors, 1, -1)
        case EPIPE: throw ExitCode(128 + SIGPIPE)
        default: throw OutputFailure(number: errno)
        }
    }
}

/// What a command found could not be written.
struct OutputFailure: Error, CustomStringConvertible {
    let reason: String

    init(reason: String) { self.reason = reason }

    init(number: CInt) { reason = String(cString: strerror(number)) }

    var description: String { "The output cannot be written: \(reason)." }
}
