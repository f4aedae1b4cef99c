internal import EventSourcing
internal import Foundation
internal import NIOConcurrencyHelpers
internal import PostgresServer

/// A process of its own that appends what it is told to: made to be killed.
final class WriterProcess: AppendPort {
    private typealias Answer = Result<AppendReceipt, EventStoreError>

    private struct State {
        var process: Process?
        var connection: CInt = -1
        var lastNumber = 0
        var waiting: [Int: CheckedContinuation<Answer, Never>] = [:]
        /// Whether it wrote for others when it answered last.
        var isLeading = false
        var handedOver = 0
        var leadersHit = 0
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
            state.isLeading = false
        }
        Thread.detachNewThread { [self] in takeAnswers(own) }
    }

    /// Whether it writes for the others that share its writer, as far as its answers tell.
    var isLeading: Bool { state.withLockedValue { $0.isLeading } }

    /// How many of its appends another process has written.
    var handedOver: Int { state.withLockedValue { $0.handedOver } }

    /// How often it was stopped or killed when it wrote for others.
    var leadersHit: Int { state.withLockedValue { $0.leadersHit } }

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
        return noteHit()
    }

    /// - Returns: How many appends it had been sent and had not answered.
    private func noteHit() -> Int {
        state.withLockedValue { state in
            if state.isLeading { state.leadersHit += 1 }
            return state.waiting.count
        }
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
        guard let process = state.withLockedValue({ $0.process }) else { return 0 }
        let inFlight = noteHit()
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
    /// No append may get this answer.
    private static let notUnderstood = EventStoreError(
        .invalidAppend, "The writing process sent a line that nobody understands.")

    private func takeAnswers(_ connection: CInt) {
        var handedOver = 0
        Sockets.readLines(connection) { line in
            guard let answer = try? JSONDecoder().decode(ReceiptLine.self, from: Data(line)) else {
                return failAppend(of: line)
            }
            // Answers may pass each other on their way.
            note(answer, on: connection, handedOver: max(0, answer.handedOver - handedOver))
            handedOver = max(handedOver, answer.handedOver)
            takeWaiting(answer.number)?.resume(returning: answer.result)
        }
        state.withLockedValue { state in
            guard state.connection == connection else { return }
            state.connection = -1
            state.isLeading = false
        }
        Sockets.close(connection)
        failAll(Self.gone)
    }

    private func note(_ answer: ReceiptLine, on connection: CInt, handedOver count: Int) {
        state.withLockedValue { state in
            state.handedOver += count
            if state.connection == connection { state.isLeading = answer.isLeading }
        }
    }

    private func takeWaiting(_ number: Int) -> CheckedContinuation<Answer, Never>? {
        state.withLockedValue { $0.waiting.removeValue(forKey: number) }
    }

    /// Whoever waits for an answer that nobody understands is told so; everybody, when it does not say whose it is.
    private func failAppend(of line: [UInt8]) {
        guard let number = try? JSONDecoder().decode(NumberedLine.self, from: Data(line)).number else {
            return failAll(Self.notUnderstood)
        }
        takeWaiting(number)?.resume(returning: .failure(Self.notUnderstood))
    }

    private func failAll(_ error: EventStoreError) {
        let lost = state.withLockedValue { state in
            defer { state.waiting = [:] }
            return state.waiting.values.map { $0 }
        }
        for waiting in lost { waiting.resume(returning: .failure(error)) }
    }
}
