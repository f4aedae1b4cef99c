internal import EventCodec
public import EventSourcing
internal import HTTPSupport
public import Testing

extension OpenAPIDocument {
    /// Expects the document to describe these routes and no others, and to be whole.
    public func expectRoutes(_ routes: [String], sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(operations.map(\.route).sorted() == routes.sorted(), sourceLocation: sourceLocation)
        #expect(version == "3.1.0", sourceLocation: sourceLocation)
        #expect(brokenReferences.isEmpty, sourceLocation: sourceLocation)
    }

    /// Expects the answer `Unavailable` to name every code of a store that cannot work at the moment.
    ///
    /// - Parameter more: Codes besides those that any use of a store may meet.
    public func expectUnavailableCodes(
        and more: [EventStoreError.Code] = [], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let description = resolve(["$ref": "#/components/responses/Unavailable"])["description"]?.string ?? ""
        let codes: [EventStoreError.Code] = [
            .overloaded, .cancelled, .unavailable, .incompatibleSchema, .closed, .archived, .damagedArchive,
        ]
        for code in codes + more {
            let problem = Problem(EventStoreError(code, "It cannot be done."))
            #expect(
                description.contains("\n- `\(problem.code)`: "), "\(code)", sourceLocation: sourceLocation)
        }
    }
}
