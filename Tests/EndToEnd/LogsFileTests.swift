import Foundation
import Support
import Testing

@Suite struct `A file of logs` {
    @Test(arguments: [
        ("", "is not as it should be"),
        ("[]", "is not an object"),
        (#"{"routing": []}"#, "'/logs' is missing"),
        (#"{"logs": [{"name": "Main"}]}"#, "'/logs/0/name' is not the name of a log"),
        (#"{"logs": [{"name": "main", "databse": "x"}]}"#, "'/logs/0/databse' is not a field of this object"),
        (#"{"logs": [{"name": "main"}, {"name": "main"}]}"#, "names the log main twice"),
        (#"{"logs": [{"name": "main"}], "routing": [{"logs": ["orders"]}]}"#, "to the log orders, which is not among"),
        (#"{"logs": [{"name": "main"}], "routing": [{"logs": []}]}"#, "'/routing/0/logs' is not a list of one or more"),
        (#"{"logs": [{"name": "orders"}]}"#, "to the log main, which is not among"),
        (#"{"logs": [{"name": "main"}], "routing": [{"categories": ["a-b"], "logs": ["main"]}]}"#, "is not a category"),
        (#"{"logs": [{"name": "main"}], "routing": [{"tenants": ["a/b"], "logs": ["main"]}]}"#, "is not a tenant"),
        (
            #"{"logs": [{"name": "main", "databaseVariable": "STRATA_TEST_NOT_SET"}]}"#,
            "needs the environment variable STRATA_TEST_NOT_SET, which is not set"
        ),
    ])
    func `that is wrong is told in one sentence, and nothing is begun`(_ text: String, _ words: String) async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("logs.json")
            try Data(text.utf8).write(to: file)
            let exit = try await StrataProcess.run("migrate", "--logs", file.path, "--folder", folder.path + "/data")
            #expect(exit.status == 1)
            #expect(exit.errors.contains(words) && exit.errors.contains("Nothing was changed."), "\(exit.errors)")
            #expect(!FileManager.default.fileExists(atPath: folder.path + "/data"))
        }
    }
}
