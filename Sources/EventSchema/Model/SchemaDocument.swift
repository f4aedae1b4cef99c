public import EventCodec

/// One schema file: one version of one type of event, or a shared shape.
public struct SchemaDocument: Sendable, CustomStringConvertible {
    public let path: SchemaPath
    public let schema: Schema
    /// The aggregate that records this type of event (`x-aggregate`); `nil` for a shared shape.
    public let aggregate: String?
    /// Whether earlier versions are to be upcast even though this one could read them (`x-upcaster`).
    public let wantsUpcaster: Bool
    public let examples: [JSONValue]
    /// The file as it was parsed.
    public let source: JSONValue

    public var description: String { path.description }
    public var isEvent: Bool { path.context != SchemaPath.common }
}

/// One type of event, with all its versions.
public struct EventDefinition: Sendable {
    public let type: String
    public let context: String
    public let aggregate: String
    /// From the first to the newest; never empty.
    public let versions: [SchemaDocument]
    /// The newest version.
    public let newest: SchemaDocument
}
