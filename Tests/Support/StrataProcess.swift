public import Foundation
internal import PostgresServer

/// The `strata` executable, run as a user would run it. It ends with its object at the latest.
public final class StrataProcess: Sendable {
    /// How a run ended.
    public struct Exit: Sendable {
        public let status: Int32
        public let output: String
        public let errors: String
    }

    public let arguments: [String]
    private let process: Process
    private let log: URL
    /// How long one that nobody waits for any more may take to stop.
    private static let stopPatience = Duration.seconds(10)

    /// The executable that was built together with the tests.
    public static var executable: URL { executable(named: "strata") }

    /// One of the executables that were built together with the tests.
    public static func executable(named name: String) -> URL {
        let tests = URL(fileURLWithPath: CommandLine.arguments[0])
        let folders = [
            tests.deletingLastPathComponent(), Bundle.main.bundleURL,
            tests.deletingLastPathComponent().deletingLastPathComponent(),
        ]
        let candidates = folders.map { $0.appendingPathComponent(name) }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) } ?? candidates[0]
    }

    /// Starts `strata` with `arguments` and what is added to the environment; what it prints goes to a file.
    public init(_ arguments: [String], folder: URL, environment: [String: String] = [:]) throws {
        self.arguments = arguments
        log = folder.appendingPathComponent("strata-\(UUID().uuidString.prefix(8)).log")
        try Data().write(to: log)
        process = Process()
        process.executableURL = Self.executable
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.currentDirectoryURL = folder
        let output = try FileHandle(forWritingTo: log)
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        try withUnblockedSignals { try process.run() }
    }

    /// A test that fails leaves nothing running: what it has started is asked to stop, and killed when it does not.
    deinit {
        guard process.isRunning else { return }
        process.terminate()
        let deadline = ContinuousClock.now.advanced(by: Self.stopPatience)
        while process.isRunning, ContinuousClock.now < deadline { usleep(20_000) }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    public var isRunning: Bool { process.isRunning }

    /// What it has printed so far.
    public var printed: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }

    /// Kills it as a power cut would.
    public func killAtOnce() async throws {
        kill(process.processIdentifier, SIGKILL)
        _ = try await exitStatus()
    }

    /// Asks it to stop, and waits until it has.
    ///
    /// - Returns: Its exit status.
    @discardableResult
    public func stop() async throws -> Int32 {
        if process.isRunning { process.terminate() }
        return try await exitStatus()
    }

    /// Sends it a signal, and waits until it has ended.
    ///
    /// - Returns: Its exit status, or the number of the signal that ended it.
    @discardableResult
    public func signal(_ number: Int32) async throws -> Int32 {
        kill(process.processIdentifier, number)
        return try await exitStatus()
    }

    private func exitStatus() async throws -> Int32 {
        try await onThread { [process] in
            process.waitUntilExit()
            return process.terminationStatus
        }
    }

    /// Waits until it has printed `text`.
    ///
    /// - Throws: ``StrataProcessError`` when it ends before, or takes longer than `timeout`.
    public func waitForOutput(_ text: String, timeout: Duration = .seconds(180)) async throws {
        let deadline = ContinuousClock.now.advanced(by: timeout)
        while !printed.contains(text) {
            guard process.isRunning, ContinuousClock.now < deadline else { throw StrataProcessError(printed: printed) }
            try await Task.sleep(for: .milliseconds(50), clock: .continuous)
        }
    }

    /// Runs `strata` to its end.
    public static func run(_ arguments: String...) async throws -> Exit {
        try await run(arguments: arguments)
    }

    /// Runs `strata` to its end.
    public static func run(arguments: [String]) async throws -> Exit {
        try await run(executable, arguments)
    }

    /// Runs a command of the shell to its end.
    public static func shell(_ command: String) async throws -> Exit {
        try await run(URL(fileURLWithPath: "/bin/sh"), ["-c", command])
    }

    private static func run(_ executable: URL, _ arguments: [String]) async throws -> Exit {
        try await onThread { try runToEnd(executable, arguments) }
    }

    private static func runToEnd(_ executable: URL, _ arguments: [String]) throws -> Exit {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        let folder = FileManager.default.temporaryDirectory
        let (output, errors) = (
            folder.appendingPathComponent(UUID().uuidString), folder.appendingPathComponent(UUID().uuidString)
        )
        for file in [output, errors] { try Data().write(to: file) }
        defer { for file in [output, errors] { try? FileManager.default.removeItem(at: file) } }
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        try withUnblockedSignals { try process.run() }
        process.waitUntilExit()
        return Exit(
            status: process.terminationStatus, output: try String(contentsOf: output, encoding: .utf8),
            errors: try String(contentsOf: errors, encoding: .utf8))
    }
}

/// The process did not do what was waited for.
public struct StrataProcessError: Error, CustomStringConvertible {
    let printed: String
    public var description: String { "strata ended or hung; it printed:\n\(printed)" }
}
