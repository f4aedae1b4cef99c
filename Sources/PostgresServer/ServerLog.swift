internal import Glibc

/// What the server says: into `start.log` until it has opened its own log, and there afterwards.
struct ServerLog {
    let place: ServerFolder
    private let lengths: [String: Int]

    /// Remembers how far the logs go now.
    init(_ place: ServerFolder) {
        self.place = place
        var lengths: [String: Int] = [:]
        for name in Files.names(in: place.log) where name != "start.log" {
            lengths[name] = Files.status(place.log + "/" + name)?.size
        }
        self.lengths = lengths
    }

    /// An empty `start.log`, open for writing.
    func open() throws(SystemFailure) -> CInt {
        unlink(place.startLog)
        let descriptor = Glibc.open(
            place.startLog, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SystemFailure() }
        return descriptor
    }

    /// The last lines that were written since.
    func tail(lines count: Int = 12) -> String {
        var text = Files.read(place.startLog) ?? ""
        for name in Files.names(in: place.log).sorted() where name != "start.log" {
            let bytes = (Files.read(place.log + "/" + name) ?? "").utf8
            text += String(decoding: bytes.dropFirst(lengths[name] ?? 0), as: UTF8.self)
        }
        return ServerLog.tail(of: text, lines: count)
    }

    static func tail(of text: String, lines count: Int = 12) -> String {
        text.split(separator: "\n").suffix(count).joined(separator: "\n")
    }
}
