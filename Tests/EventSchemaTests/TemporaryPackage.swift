import EventSchema
import Foundation

/// A package in a folder of its own, which goes away with it.
final class TemporaryPackage {
    let root: String

    init() throws {
        root = FileManager.default.temporaryDirectory.appending(path: "schemas-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    func write(_ text: String, to path: String) throws {
        let url = URL(filePath: "\(root)/\(path)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    func write(_ schema: TestSchema) throws { try write(schema.text, to: "EventSchemas/\(schema.path)") }

    func read(_ path: String) throws -> String { try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8) }

    func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: "\(root)/\(path)") }

    func repository() throws -> SchemaRepository { try SchemaRepository(root: root) }

    /// What the check says, after everything has been generated.
    func findings() throws -> [String] {
        if let generated = try? repository().generate() { try repository().write(generated) }
        return try repository().check().map(\.description)
    }
}

/// A schema file, in order unless a test says otherwise.
struct TestSchema {
    var context = "parcels"
    var name = "ParcelSent"
    var version = 1
    var title: String?
    var description: String? = "A parcel was sent."
    var aggregate: String? = "Parcel"
    var extra = ""
    var properties = #""weight": {"type": "integer", "description": "In grams."}"#
    var required = ["weight"]
    var examples = #"[{"weight": 5}]"#

    var path: String { "\(context)/\(name).v\(version).json" }

    var text: String {
        let required = required.map { "\"\($0)\"" }.joined(separator: ", ")
        let description = description.map { "\"description\": \"\($0)\"," } ?? ""
        let aggregate = aggregate.map { "\"x-aggregate\": \"\($0)\"," } ?? ""
        return """
            {
              "$schema": "https://json-schema.org/draft/2020-12/schema",
              "$id": "https://schemas.strata.example/\(path)",
              "title": "\(title ?? name)", \(description) \(aggregate) \(extra)
              "type": "object",
              "properties": {\(properties)},
              "required": [\(required)],
              "examples": \(examples)
            }
            """
    }

    /// A registry of these files alone.
    static func registry(_ schemas: TestSchema...) -> SchemaRegistry {
        SchemaRegistry(files: Dictionary(uniqueKeysWithValues: schemas.map { ($0.path, Array($0.text.utf8)) }))
    }
}
