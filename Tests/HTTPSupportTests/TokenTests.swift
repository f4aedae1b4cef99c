import Foundation
import HTTPSupport
import Testing

struct TokenTests {
    private func withFile<R>(_ text: String? = nil, _ body: (TokenFile) throws -> R) throws -> R {
        let path = FileManager.default.temporaryDirectory.appending(path: "tokens-\(UUID()).json").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        if let text { try text.write(toFile: path, atomically: true, encoding: .utf8) }
        return try body(TokenFile(path: path))
    }

    @Test func `adds tokens, of which the file holds no more than the hash`() throws {
        try withFile { file in
            let (token, entry) = TokenEntry.make(for: Principal(actor: "ada", roles: [.staff, .auditor]))
            let (other, customer) = TokenEntry.make(for: Principal(actor: "bob", roles: .customer, customerID: "4711"))
            try file.add(entry)
            try file.add(customer)
            #expect(try file.load() == [entry, customer])
            #expect(token != other)
            let text = try String(contentsOfFile: file.path, encoding: .utf8)
            #expect(!text.contains(token) && !text.contains(other))
            let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test(arguments: [
        Principal(actor: "", roles: .staff), Principal(actor: "a\nb", roles: .staff),
        Principal(actor: String(repeating: "a", count: 129), roles: .staff), Principal(actor: "a", roles: .customer),
        Principal(actor: "a", roles: .customer, customerID: ""),
        Principal(actor: "a", roles: .customer, customerID: "4\u{0}7"),
    ])
    func `adds nothing that would not be read`(principal: Principal) throws {
        try withFile { file in
            try file.add(TokenEntry(token: "a", principal: Principal(actor: "ada", roles: .staff)))
            #expect(throws: TokenFileError.self) { try file.add(TokenEntry(token: "b", principal: principal)) }
            #expect(try file.load().count == 1)
        }
    }

    @Test func `keeps the mode of a file, and the link that leads to it`() throws {
        try withFile("[]") { file in
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file.path)
            let link = "\(file.path).link"
            defer { try? FileManager.default.removeItem(atPath: link) }
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file.path)
            try TokenFile(path: link).add(TokenEntry(token: "a", principal: Principal(actor: "ada", roles: .staff)))
            #expect(try file.load().count == 1)
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == file.path)
            let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
            #expect(attributes[.posixPermissions] as? Int == 0o640)
        }
    }

    @Test func `writes through no link that somebody else has put beside the file`() throws {
        try withFile("[]") { file in
            let (victim, pid) = ("\(file.path).victim", ProcessInfo.processInfo.processIdentifier)
            let links = ["\(file.path).new", "\(file.path).\(pid).new"]
            defer { for path in links + [victim] { try? FileManager.default.removeItem(atPath: path) } }
            try "precious".write(toFile: victim, atomically: true, encoding: .utf8)
            for link in links { try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: victim) }
            try file.add(TokenEntry(token: "a", principal: Principal(actor: "ada", roles: .staff)))
            #expect(try file.load().count == 1)
            #expect(try String(contentsOfFile: victim, encoding: .utf8) == "precious")
            for link in links { #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == victim) }
        }
    }

    @Test func `loses no token that is added at the same time`() async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "tokens-\(UUID()).json").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let file = TokenFile(path: path)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<20 {
                group.addTask {
                    try file.add(
                        TokenEntry(token: "\(index)", principal: Principal(actor: "ada-\(index)", roles: .staff)))
                }
            }
            try await group.waitForAll()
        }
        let actors = Set(try file.load().map(\.principal.actor))
        #expect(actors.count == 20)
    }

    @Test(arguments: [
        ("{", "malformed"), ("{}", "not an array"), ("[1]", "/0"),
        (#"[{"tokenHash":"xyz","actor":"a","roles":[]}]"#, "/0/tokenHash"),
        (#"[{"tokenHash":"\#(String(repeating: "a", count: 64))","actor":"a","roles":["king"]}]"#, "/0/roles/0"),
        (#"[{"tokenHash":"\#(String(repeating: "a", count: 64))","actor":"a","roles":["customer"]}]"#, "customerId"),
    ])
    func `says what is wrong with a file`(text: String, expected: String) throws {
        try withFile(text) { file in
            let error = #expect(throws: TokenFileError.self) { try file.load() }
            #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
        }
    }

    @Test func `says that a file cannot be read`() throws {
        try withFile { file in
            let error = #expect(throws: TokenFileError.self) { try file.load() }
            #expect(error?.description.contains(file.path) == true)
        }
    }
}
