import Foundation
import PostgresServer
import Support
import Testing

@Suite struct ServeStoreTests {
    @Test func `serve store takes events that keep to the schemas in its folder, and no others`() async throws {
        let database = try await TemporaryPostgres.database()
        #expect(try await StrataProcess.run("migrate", "--database", database).status == 0)
        try await withTemporaryFolder { folder in
            let schemas = folder.appendingPathComponent("schemas/depot")
            try FileManager.default.createDirectory(at: schemas, withIntermediateDirectories: true)
            try Data(parcelSchema.utf8).write(to: schemas.appendingPathComponent("ParcelHandedOver.v1.json"))
            let port = freePort()
            let store = try StrataProcess(
                [
                    "serve", "store", "--database", database, "--store-port", "\(port)", "--schemas", "schemas",
                    "--log-level", "info",
                ], folder: folder)
            try await store.waitForOutput("Server started and listening")
            func append(_ type: String, _ payload: String) async throws -> String {
                let event = "{\"id\":\"\(UUID())\",\"type\":\"\(type)\",\"payload\":\(payload)}"
                return try await StrataProcess.shell(
                    "curl -s http://127.0.0.1:\(port)/streams/parcel-1 -H 'Content-Type: application/json' "
                        + "-d '{\"events\":[\(event)]}'"
                ).output
            }
            let taken = try await append("ParcelHandedOver", "{\"carrier\":\"Post\"}")
            let wrong = try await append("ParcelHandedOver", "{\"carrier\":1}")
            let unknown = try await append("ParcelLost", "{}")
            #expect(taken.contains("\"revision\":0"), "\(taken)")
            #expect(wrong.contains("/events/0/payload/carrier"), "\(wrong)")
            #expect(unknown.contains("/events/0/type"), "\(unknown)")
            #expect(try await store.stop() == 0)
        }
    }

    @Test func `serve store says when the folder that it was given has no schemas`() async throws {
        let database = try await TemporaryPostgres.database()
        #expect(try await StrataProcess.run("migrate", "--database", database).status == 0)
        try await withTemporaryFolder { folder in
            let run = try await StrataProcess.run(
                "serve", "store", "--database", database, "--store-port", "0", "--schemas", folder.path)
            #expect(run.status == 1)
            #expect(run.errors.contains("there are no schemas in this folder"), "\(run.errors)")
        }
    }

    @Test func `serve store checks no payload without schemas, says so, and takes the largest event`() async throws {
        let database = try await TemporaryPostgres.database()
        #expect(try await StrataProcess.run("migrate", "--database", database).status == 0)
        try await withTemporaryFolder { folder in
            let port = freePort()
            let store = try StrataProcess(
                [
                    "serve", "store", "--database", database, "--store-port", "\(port)", "--accept-unknown-types",
                    "--event-bytes-max", "5000000", "--log-level", "info",
                ], folder: folder)
            try await store.waitForOutput("no payload is checked")
            try await store.waitForOutput("Server started and listening")
            let payload = String(repeating: "x", count: 4_999_998)
            let body = folder.appendingPathComponent("body.json")
            let event = "{\"id\":\"\(UUID())\",\"type\":\"Large\",\"payload\":\"\(payload)\"}"
            try Data("{\"events\":[\(event)]}".utf8).write(to: body)
            let taken = try await StrataProcess.shell(
                "curl -s http://127.0.0.1:\(port)/streams/large-1 -H 'Content-Type: application/json' -d @\(body.path)")
            #expect(taken.output.contains("\"revision\":0"), "\(taken.output)")
            #expect(try await store.stop() == 0)
        }
    }

    private let parcelSchema = """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "$id": "https://schemas.strata.example/depot/ParcelHandedOver.v1.json",
          "title": "ParcelHandedOver",
          "description": "A parcel was given to a carrier.",
          "x-aggregate": "Parcel",
          "type": "object",
          "properties": {"carrier": {"type": "string", "description": "Who carries it."}},
          "required": ["carrier"],
          "examples": [{"carrier": "Post"}]
        }
        """
}
