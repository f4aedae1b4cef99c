import HTTPTypes
import PostgresClient
import Testing

@testable import HTTPSupport
@testable import QueryAPI

struct DatabaseFailureTests {
    private func problem(_ state: String) -> Problem? {
        ErrorTranslator.queries.problem(
            for: PostgresError(.server, sqlState: SQLState(rawValue: state), detail: "of a row"))
    }

    @Test(arguments: ["40001", "40P01", "53100", "53300", "54000", "55006", "57P01", "57P03", "25006"])
    func `asks to try again when the database cannot answer at the moment`(state: String) {
        let problem = problem(state)
        #expect(problem?.status == .serviceUnavailable)
        #expect(problem?.code == "unavailable")
        #expect(problem?.headers[.retryAfter] == "5")
        #expect(problem?.cause?.contains(state) == true)
        #expect(problem?.cause?.contains("of a row") == false)
    }

    @Test func `keeps to itself what trying again does not change`() {
        #expect(problem("42601") == nil)
        #expect(problem("22012") == nil)
    }

    @Test func `tells a query that took too long from a database that is away`() {
        #expect(problem("57014")?.code == "overloaded")
        #expect(problem("55P03")?.code == "overloaded")
    }
}
