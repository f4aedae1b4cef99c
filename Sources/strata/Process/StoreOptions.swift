internal import ArgumentParser
internal import EventSchema
internal import EventSourcing
internal import Foundation
internal import StoreAPI

/// How the store is served to services in other languages.
struct StoreOptions: ParsableArguments {
    private static let defaultSchemas = "EventSchemas"

    @Option(help: "The port of the store API.")
    var storePort = 8083

    @Option(
        help: ArgumentHelp(
            "A folder of event schemas, laid out as EventSchemas is: payloads must keep to them.",
            discussion: "Without it EventSchemas in the working directory counts, if it is there."))
    var schemas: String?

    @Flag(help: "Take events of types that have no schema, with any payload.")
    var acceptUnknownTypes = false

    @Flag(
        help: ArgumentHelp(
            "Take payloads with fields that the schemas of their versions do not name.",
            discussion: "A later version may come to read such a field as something else than what stands in it."))
    var acceptUnknownFields = false

    func validate() throws {
        guard (0...65_535).contains(storePort) else {
            throw ValidationError("\(storePort) is not a port: ports are between 0 and 65535.")
        }
    }

    /// What a process needs to serve the store.
    ///
    /// - Throws: As ``configuration(_:)`` does.
    func settings(_ limits: LimitOptions) throws -> StoreSettings {
        StoreSettings(port: storePort, configuration: try configuration(limits))
    }

    /// - Throws: ``SchemaError`` when a folder was named that has no schemas, or some that are not understood.
    func configuration(_ limits: LimitOptions) throws -> StoreAPIConfiguration {
        StoreAPIConfiguration(
            schemas: try registry(), acceptsUnknownTypes: acceptUnknownTypes, acceptsUnknownFields: acceptUnknownFields,
            appendLimits: AppendLimits(
                appendBytesMax: limits.appendBytesMax, payloadBytesMax: limits.eventBytesMax),
            limits: StoreAPILimits(bodyBytesMax: limits.appendBodyBytesMax))
    }

    private func registry() throws -> SchemaRegistry {
        if let schemas { return try SchemaRegistry(folder: schemas) }
        if FileManager.default.fileExists(atPath: Self.defaultSchemas) {
            return try SchemaRegistry(folder: Self.defaultSchemas)
        }
        note(
            acceptUnknownTypes
                ? "There is no folder \(Self.defaultSchemas) here: no payload is checked. Name it with --schemas."
                : "There are no event schemas: the store can be read, and takes no event. Name a folder with --schemas."
        )
        return SchemaRegistry(files: [:])
    }
}

/// How a process serves the store, with the schemas read.
struct StoreSettings {
    let port: Int
    let configuration: StoreAPIConfiguration
}
