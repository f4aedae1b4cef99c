internal import FoundationEssentials

/// The files of a package, by their paths in it.
struct PackageFiles: Sendable {
    let root: String

    /// The bytes of a file, or `nil` when there is none.
    func read(_ path: String) -> [UInt8]? { FileManager.default.contents(atPath: "\(root)/\(path)").map(Array.init) }

    /// Writes a file whole, and the folders that it needs.
    func write(_ bytes: [UInt8], to path: String) throws {
        let folder = path.split(separator: "/").dropLast().joined(separator: "/")
        try FileManager.default.createDirectory(atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(filePath: "\(root)/\(path)"), options: .atomic)
    }

    /// Every file below `folder` whose name ends in `suffix`, sorted; none when there is no such folder.
    func list(_ folder: String, suffix: String) -> [String] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(folder)")) ?? []
        return entries.filter { !$0.hasPrefix(".") }.sorted().flatMap { entry -> [String] in
            let path = "\(folder)/\(entry)"
            if isFolder(path) { return list(path, suffix: suffix) }
            return entry.hasSuffix(suffix) ? [path] : []
        }
    }

    func isFolder(_ path: String) -> Bool {
        var isFolder = false
        return FileManager.default.fileExists(atPath: "\(root)/\(path)", isDirectory: &isFolder) && isFolder
    }
}
