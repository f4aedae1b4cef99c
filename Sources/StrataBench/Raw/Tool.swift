internal import Foundation
internal import PostgresClient
internal import PostgresServer

/// Runs another program and waits for its end.
enum Tool {
    /// What it printed to its standard output.
    ///
    /// - Throws: ``ToolFailure`` when it cannot be started or ends with another status than 0.
    static func run(_ arguments: [String], in folder: String? = nil) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                // Other programs run as they do by themselves.
                ProcessorSharing.interrupting.apply()
                continuation.resume(with: Result { try runAndWait(arguments, in: folder) })
            }
        }
    }

    private static func runAndWait(_ arguments: [String], in folder: String?) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        let output = Pipe()
        let errors = FileManager.default.temporaryDirectory.appendingPathComponent("strata-bench-\(UUID()).err")
        _ = FileManager.default.createFile(atPath: errors.path, contents: nil)
        defer { try? FileManager.default.removeItem(at: errors) }
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: errors)
        try withUnblockedSignals { try process.run() }
        let printed = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let complaint = (try? String(contentsOf: errors, encoding: .utf8)) ?? ""
            throw ToolFailure(tool: arguments[0], output: complaint.isEmpty ? printed : complaint)
        }
        return printed
    }
}

/// A program that another one needs could not do its work.
struct ToolFailure: Error, CustomStringConvertible {
    let tool: String
    let output: String
    var description: String { "\(tool) failed: \(output.suffix(1_000))" }
}

extension CommandLine {
    /// This program's own file.
    static var executable: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? arguments[0]
    }
}
