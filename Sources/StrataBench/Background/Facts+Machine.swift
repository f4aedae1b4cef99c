internal import Foundation

extension Facts {
    /// The machine, which client and server share.
    ///
    /// - Parameter dataFolder: Where PostgreSQL keeps its data.
    static func machine(dataFolder: String) async throws -> Facts {
        let gibibytes = Double(ProcessInfo.processInfo.physicalMemory) / Double(1 << 30)
        let fileSystem = try await Tool.run(["df", "--output=fstype,source,target", dataFolder])
            .split(separator: "\n").last.map { $0.split(separator: " ").joined(separator: " ") }
        return Facts(
            title: "Machine",
            entries: [
                ("CPU", field("model name", in: "/proc/cpuinfo") ?? "unknown"),
                ("cores", "\(ProcessInfo.processInfo.activeProcessorCount), shared by client and server"),
                ("memory", String(format: "%.1f GiB", gibibytes)),
                ("kernel", try await Tool.run(["uname", "-srm"]).trimmed),
                ("file system", fileSystem ?? "unknown"),
            ])
    }

    private static func field(_ name: String, in file: String) -> String? {
        let lines = (try? String(contentsOfFile: file, encoding: .utf8))?.split(separator: "\n")
        return lines?.first { $0.hasPrefix(name) }?.split(separator: ":").last.map { String($0).trimmed }
    }
}

extension String {
    var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
