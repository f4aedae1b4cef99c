internal import EventSourcing
internal import HTTPSupport
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import PostgresClient

/// A row of a keyed read model: JSON text, which is passed on as PostgreSQL wrote it.
struct Document: Sendable {
    let json: ByteBuffer
    /// The revision of the stream that the document is about.
    let revision: Revision
    /// Whose it is, when it is a customer's.
    let customerID: String?
    /// Changes whenever the document does.
    let mark: String

    static func find(_ key: String, in table: String, _ pool: PostgresPool) async throws -> Document? {
        try await find("key = $1", key, in: table, pool)
    }

    /// The document for whose row `condition` holds, of at most one; `$1` is `value`.
    static func find(
        _ condition: String, _ value: String, in table: String, _ pool: PostgresPool
    ) async throws -> Document? {
        try await pool.run { session in
            let rows = try session.execute(
                """
                SELECT document::text, (document->>'revision')::bigint, document->>'customerId',
                    left(md5(document::text), 8)
                FROM read_models.\(table) WHERE \(condition)
                """, [.text(value)])
            guard rows.rowCount == 1 else { return nil }
            return Document(
                json: rows.withBytes(0, 0) { ByteBuffer(bytes: $0) },
                revision: Revision(rawValue: try rows.int64(0, 1)),
                customerID: rows.optionalText(0, 2), mark: rows.text(0, 3))
        }
    }

    /// The document, or the news that the client has it.
    func response(to request: APIRequest, tag: EntityTag) -> Response {
        let headers: HTTPFields = [.eTag: tag.description, .cacheControl: "private, no-cache"]
        guard !tag.isKnown(to: request.headers) else { return Response(status: .notModified, headers: headers) }
        return .json(json, headers: headers)
    }
}
