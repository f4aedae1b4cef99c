internal import EventSourcing
internal import Foundation
internal import NIOConcurrencyHelpers

/// A process of its own that appends what it is told to: made to be killed.
final class WriterProcess: AppendPort {
    private typealias Answer = Result<AppendReceipt, EventStoreError>

    private struct State {
        var process: Process?
        var connection: CInt = -1
        var lastNumber = 0
        var waiting: [Int: CheckedContinuation<Answer, Never>] = [:]
    }

    private let executable: String
    private let limits: RunLimits
    private let state = NIOLockedValueBox(State())

    /// - Parameter executable: A program that runs an ``AppendingProcess`` when its first argument is `append`.
    init(executable: String, limits: RunLimits) {
        self.executable = executable
        self.limits = limits
    }

    func start(connectionString: String) async throws {
        let (own, childs) = try Sockets.pair()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = [
            "append", "--database", connectionString, "--limits",
            String(decoding: try JSONEncoder().encode(limits), as: UTF8.self),
        ]
        process.standardInput = FileHandle(fileDescriptor: childs, closeOnDealloc: false)
        process.standardOutput = FileHandle(fileDescriptor: childs, closeOnDealloc: false)
        defer { Sockets.close(childs) }
        try withUnblockedSignals { try process.run() }
        state.withLockedValue { state in
            state.process = process
            state.connection = own
        }
        Thread.detachNewThread { [self] in takeAnswers(own) }
    }

    /// Waits until so many appends, or more, are under way.
    func waitForAppends(_ count: Int) async throws {
        try await Retry.until("the writing process has \(count) appends to write") {
            state.withLockedValue { $0.waiting.count } >= count
        }
    }

    /// Stops it where it is.
    ///
    /// - Returns: How many appends it had been sent and had not answered.
    func freeze() -> Int {
        signal(SIGSTOP)
        return state.withLockedValue { $0.waiting.count }
    }

    /// Lets it go on.
    func thaw() { signal(SIGCONT) }

    private func signal(_ number: CInt) {
        guard let process = state.withLockedValue({ $0.process }), process.isRunning else { return }
        Glibc.kill(process.processIdentifier, number)
    }

    /// Kills it as a power cut would, and returns when it is gone.
    ///
    /// - Returns: How many appends it had been sent and had not answered.
    func kill() async throws -> Int {
        let (process, inFlight) = state.withLockedValue { ($0.process, $0.waiting.count) }
        guard let process else { return 0 }
        signal(SIGKILL)
        try await Retry.until("the writing process is gone") { !process.isRunning }
        return inFlight
    }

    func append(_ appends: [StreamAppend]) async throws(EventStoreError) -> AppendReceipt {
        let answer = await withCheckedContinuation { (continuation: CheckedContinuation<Answer, Never>) in
            let isSent = state.withLockedValue { state in
                state.lastNumber += 1
                guard let line = try? JSONEncoder().encode(AppendLine(state.lastNumber, appends)),
                    Sockets.write((Array(line) + [UInt8(ascii: "\n")])[...], to: state.connection)
                else { return false }
                state.waiting[state.lastNumber] = continuation
                return true
            }
            if !isSent { continuation.resume(returning: .failure(Self.gone)) }
        }
        return try answer.get()
    }

    private static let gone = EventStoreError(.unavailable, "The writing process is gone.")

    private func takeAnswers(_ connection: CInt) {
        Sockets.readLines(connection) { line in
            guard let answer = try? JSONDecoder().decode(ReceiptLine.self, from: Data(line)) else { return }
            let waiting = state.withLockedValue { $0.waiting.removeValue(forKey: answer.number) }
            waiting?.resume(returning: answer.result)
        }
        let lost = state.withLockedValue { state in
            defer { state.waiting = [:] }
            if state.connection == connection { state.connection = -1 }
            return state.waiting.values.map { $0 }
        }
        Sockets.close(connection)
        for waiting in lost { waiting.resume(returning: .failure(Self.gone)) }
    }
}

/// A child inherits what its parent's thread blocks, and threads of the cooperative pool block most signals.
private func withUnblockedSignals(_ body: () throws -> Void) rethrows {
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_UNBLOCK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    try body()
}
