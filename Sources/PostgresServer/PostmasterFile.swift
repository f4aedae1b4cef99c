internal import Glibc

/// What a running server says of itself in `postmaster.pid` (PostgreSQL source, `pidfile.h`).
struct PostmasterFile: Sendable, Equatable {
    let processID: pid_t
    let port: Int
    let socketFolder: String

    init?(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 5, let processID = pid_t(lines[0]), processID > 1, let port = Int(lines[3]),
            !lines[4].isEmpty
        else { return nil }
        self.processID = processID
        self.port = port
        socketFolder = String(lines[4])
    }

    /// The server that runs on `data`; `nil` when none does, whatever the file says.
    static func live(in data: String) -> PostmasterFile? {
        guard let file = Files.read(data + "/postmaster.pid").flatMap(PostmasterFile.init),
            ServerProcess.isAlive(file.processID), ServerProcess.works(in: data, file.processID)
        else { return nil }
        return file
    }
}
