public import EventSchema
public import EventSourcing

/// What the store takes from its clients, and how it serves them.
public struct StoreAPIConfiguration: Sendable {
    /// The schemas that payloads must keep to.
    public var schemas: SchemaRegistry
    /// Whether events of types without a schema are taken, with any payload.
    public var acceptsUnknownTypes: Bool
    /// Whether payloads may have fields that the schemas of their versions do not name. A later version may come to
    /// read such a field as something else than what stands in it, and then cannot read the event.
    public var acceptsUnknownFields: Bool
    /// What one append may hold. The store's own limits hold besides.
    public var appendLimits: AppendLimits
    public var limits: StoreAPILimits

    public init(
        schemas: SchemaRegistry, acceptsUnknownTypes: Bool = false, acceptsUnknownFields: Bool = false,
        appendLimits: AppendLimits = AppendLimits(), limits: StoreAPILimits = StoreAPILimits()
    ) {
        self.schemas = schemas
        self.acceptsUnknownTypes = acceptsUnknownTypes
        self.acceptsUnknownFields = acceptsUnknownFields
        self.appendLimits = appendLimits
        self.limits = limits
    }
}

/// How much of the server one client may take up.
public struct StoreAPILimits: Sendable, Hashable {
    /// Bytes in the body of an append.
    public var bodyBytesMax: Int
    /// Clients that follow a log at once. Each has a connection to itself, and others need some, too.
    public var followersMax: Int
    /// A follower hears something at least this often.
    public var heartbeat: Duration
    /// A follower whose connection takes nothing for this long is cut off.
    public var writePatience: Duration

    public init(
        bodyBytesMax: Int = 4 << 20, followersMax: Int = 100, heartbeat: Duration = .seconds(15),
        writePatience: Duration = .seconds(30)
    ) {
        self.bodyBytesMax = bodyBytesMax
        self.followersMax = followersMax
        self.heartbeat = heartbeat
        self.writePatience = writePatience
    }
}
