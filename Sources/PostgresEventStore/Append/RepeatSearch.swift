internal import EventSourcing
internal import FoundationEssentials
internal import PostgresClient

/// Where to look for events of appends that may be recorded already.
///
/// An append that expects an exact revision says where its events would stand, and they are looked up there. One that
/// does not could stand anywhere in its stream, all of whose index is gone through.
struct RepeatSearch {
    private var placeStreams: [String] = []
    private var placeRevisions: [Int64] = []
    private var placeIDs: [EventID] = []
    private var openStreams: Set<StreamName> = []
    private var openIDs: [EventID] = []

    init(_ requests: [AppendRequest]) {
        for stream in requests.lazy.flatMap(\.streams) {
            guard let first = stream.expected.next else {
                openStreams.insert(stream.name)
                openIDs += stream.events.map(\.id)
                continue
            }
            for (index, event) in stream.events.enumerated() {
                placeStreams.append(stream.name.rawValue)
                placeRevisions.append(first.advanced(by: index).rawValue)
                placeIDs.append(event.id)
            }
        }
    }

    /// How many ``statements(in:)`` there are.
    var statementCount: Int { (placeIDs.isEmpty ? 0 : 1) + (openIDs.isEmpty ? 0 : 1) }

    /// Each gives the stream, id, revision and position of what it finds.
    func statements(in log: LogID) -> [(sql: String, parameters: [PostgresValue])] {
        var statements: [(sql: String, parameters: [PostgresValue])] = []
        if !placeIDs.isEmpty {
            statements.append(
                (
                    Self.atPlaces,
                    [
                        .int32(log.rawValue), .textArray(placeStreams), .int64Array(placeRevisions),
                        .uuidArray(placeIDs.map(\.rawValue.uuid)),
                    ]
                ))
        }
        if !openIDs.isEmpty {
            statements.append(
                (
                    Self.anywhere,
                    [
                        .int32(log.rawValue), .textArray(openStreams.map(\.rawValue)),
                        .uuidArray(openIDs.map(\.rawValue.uuid)),
                    ]
                ))
        }
        return statements
    }

    private static let atPlaces = """
        SELECT place.stream, place.id, place.revision, event.position
        FROM unnest($2::text[], $3::bigint[], $4::uuid[]) AS place (stream, revision, id)
        CROSS JOIN LATERAL (
            SELECT position FROM strata.events
            WHERE log = $1 AND stream = place.stream AND revision = place.revision AND event_id = place.id OFFSET 0
        ) AS event
        """

    /// In the index alone, and to the table for what is found. The ids are hashed: `= ANY` would compare each event
    /// with each id.
    private static let anywhere = """
        SELECT event.stream, event.event_id, event.revision, event.position
        FROM (
            SELECT stream, revision FROM strata.events
            WHERE log = $1 AND stream = ANY ($2::text[]) AND event_id IN (SELECT unnest($3::uuid[]))
            OFFSET 0
        ) AS found
        JOIN strata.events AS event
            ON event.log = $1 AND event.stream = found.stream AND event.revision = found.revision
        """
}
