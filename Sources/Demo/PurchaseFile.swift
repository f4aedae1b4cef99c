internal import Commerce
internal import Foundation

/// A purchase history as a CSV file with the columns `customer_id,date,quantity,amount_cents`.
public enum PurchaseFile {
    private static let header = "customer_id,date,quantity,amount_cents"

    /// - Throws: ``DemoError`` that names the line that cannot be read.
    public static func read(_ path: String) throws -> [Purchase] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw DemoError("'\(path)' cannot be read. Nothing was sent.")
        }
        let lines = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline)
        guard lines.first.map(String.init) == header else {
            throw DemoError("'\(path)' does not begin with the line '\(header)'. Nothing was sent.")
        }
        return try lines.enumerated().dropFirst().map { index, line in
            guard let purchase = parse(line) else {
                throw DemoError("line \(index + 1) of '\(path)' is no purchase. Nothing was sent.")
            }
            return purchase
        }
    }

    private static func parse(_ line: Substring) -> Purchase? {
        let fields = line.split(separator: ",", omittingEmptySubsequences: false)
        guard fields.count == 4, let customer = CustomerID(validating: String(fields[0])),
            let date = CalendarDate(validating: String(fields[1])),
            let quantity = Int(fields[2]), quantity > 0, let amount = Int(fields[3]), amount >= 0
        else { return nil }
        return Purchase(customer: customer.rawValue, date: date, quantity: quantity, amountCents: amount)
    }
}

/// Why the demo cannot go on, and what to do.
public struct DemoError: Error, Sendable, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}
