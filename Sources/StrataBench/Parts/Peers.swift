internal import EventCodec
internal import EventSourcing
internal import Foundation
internal import PostgresEventStore

/// Another event store on the same PostgreSQL: the recorder of the Python library `eventsourcing`.
struct Peers: Part {
    static let name = "peers"
    static let title = "Beside eventsourcing (Python)"
    static let notes = """
        `PostgresApplicationRecorder` of the newest `eventsourcing[postgres]` from PyPI, in a virtual environment of \
        its own, with its database functions on; one process, one thread for each writer. Payloads of the same size; \
        it stores an id, a version, a topic and a state, without metadata.
        """
    static let isMeasuredByDefault = false

    private let database: BenchDatabase
    private let window: Duration
    private let folder: String
    private let version: String

    init(_ database: BenchDatabase, _ scale: Scale) async throws {
        self.database = database
        window = scale.window
        folder = NSTemporaryDirectory() + "strata-peers-\(getpid())"
        progress("  installing eventsourcing from PyPI")
        _ = try await Tool.run(["python3", "-m", "venv", folder])
        _ = try await Tool.run([folder + "/bin/pip", "-q", "install", "eventsourcing[postgres]"])
        let shown = try await Tool.run([folder + "/bin/pip", "show", "eventsourcing"])
        version = shown.split(separator: "\n").first { $0.hasPrefix("Version: ") }.map { String($0.dropFirst(9)) } ?? ""
        let script = Data(PackageResources.eventsourcing_recorder_py)
        try script.write(to: URL(fileURLWithPath: folder + "/measure.py"))
    }

    var goals: [Goal] { [] }

    func measure(_ figures: inout Figures) async throws {
        let output = try await Tool.run([
            folder + "/bin/python", folder + "/measure.py", database.connectionString, "\(window.seconds)",
        ])
        let measured = try JSONObject(jsonBytes: Array(output.utf8))
        for member in measured {
            figures.add("eventsourcing \(version): \(member.key)", .perSecond(member.value.number ?? 0))
        }
        for writers in [1, 32] {
            figures.add("Strata: append, \(counted(writers, "writer"))", .perSecond(try await append(1, writers)))
        }
        figures.add("Strata: append of 1000, 1 writer", .perSecond(try await append(1_000, 1)))
        figures.add("Strata: read the log", .perSecond(try await ReadLog.rate(database)))
    }

    func finish() { try? FileManager.default.removeItem(atPath: folder) }

    private func append(_ size: Int, _ writers: Int) async throws -> Double {
        try await database.settle()
        return try await database.withStore { store in
            let window = Window(length: window)
            let tally = try await Tally.count(writers: writers, within: window) { _ in
                size == 1
                    ? try await StrataWriter.appendSingles(to: store, within: window)
                    : try await StrataWriter.appendBatches(of: size, to: store, within: window)
            }
            return Double(tally.events) / window.seconds
        }
    }
}
