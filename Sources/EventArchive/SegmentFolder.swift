internal import EventSourcing
internal import Glibc

/// The folder with the segments of one log.
package struct SegmentFolder: Hashable, Sendable {
    package let path: String

    private static let suffix = ".segment"
    private static let partialSuffix = ".partial"
    private static let numberDigits = 12

    /// - Parameter archive: The folder with a folder for each log.
    package init(archive: String, log: SegmentLog) { path = archive + "/" + log.name.rawValue }

    package func path(ofSegment number: Int64) -> String { path + "/" + Self.stem(number) + Self.suffix }

    private static func stem(_ number: Int64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, numberDigits - digits.count)) + digits
    }

    package func hasSegment(_ number: Int64) -> Bool { access(path(ofSegment: number), F_OK) == 0 }

    /// Begins a segment under a temporary name.
    package func begin(_ number: Int64) throws(ArchiveError) -> PartialSegment {
        try createFolder()
        while true {
            let random = String(UInt64.random(in: 0 ... .max), radix: 36)
            let file = try PartialSegment(
                temporaryPath: "\(path)/.\(Self.stem(number)).\(getpid())-\(random)\(Self.partialSuffix)",
                path: path(ofSegment: number), folder: path)
            // Another process may have taken it for one that was left behind, before it was locked.
            if file.isThere { return file }
        }
    }

    /// For its user alone, as events are. A folder that is there keeps its mode, and may be shared with a group.
    private func createFolder() throws(ArchiveError) {
        var made = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            let parent = made.isEmpty ? "/" : made
            made += "/" + part
            if mkdir(made, 0o700) == 0 {
                // A folder whose name is lost takes with it all that was brought to the disk in it.
                try Self.synchronise(parent)
            } else if errno != EEXIST {
                throw ArchiveError(.inputOutput, file: made, "cannot be made: \(systemError()).")
            }
        }
    }

    /// Brings the names of the segments to the disk, whoever gave them.
    package func synchronise() throws(ArchiveError) { try Self.synchronise(path) }

    static func synchronise(_ folder: String) throws(ArchiveError) {
        guard synchroniseFolder(folder) else {
            throw ArchiveError(.inputOutput, file: folder, "cannot be written to the disk: \(systemError()).")
        }
    }

    /// Removes what writers that have died left behind. The files of those that live are locked.
    ///
    /// - Returns: How many files were removed.
    @discardableResult
    package func removeStale() -> Int {
        var removed = 0
        for name in names where name.hasPrefix(".") && name.hasSuffix(Self.partialSuffix) {
            let file = path + "/" + name
            let descriptor = open(file, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0, unlink(file) == 0 { removed += 1 }
            close(descriptor)
        }
        return removed
    }

    private var names: [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            names.append(
                withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
        }
        return names
    }
}
