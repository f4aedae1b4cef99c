/// The enum of all events of one aggregate.
struct AggregateSource {
    let name: String
    let plans: [EventPlan]

    private var enumName: String { "\(name)Event" }

    func write(to source: inout SourceText) {
        source.line("/// What can happen to \(article(name)) `\(name)`.")
        source.block("public enum \(enumName): Sendable, Hashable") { source in
            for plan in plans {
                source.documentation(plan.event.newest.schema.description)
                source.line("case \(caseName(plan))(\(plan.event.type))")
            }
        }
        source.line()
        source.block("extension \(enumName): EventPayload") { source in
            let types = plans.map { "\($0.event.type).eventType" }
            source.list("public static let eventTypes: [EventType]? = [", types, "]")
            source.line()
            writeSwitch("public var eventType: EventType", to: &source) {
                "case .\(caseName($0)): \($0.event.type).eventType"
            }
            source.line()
            writeSwitch("public var schemaVersion: Int", to: &source) {
                "case .\(caseName($0)): \($0.event.type).schemaVersion"
            }
            source.line()
            writeWriting(to: &source)
            source.line()
            writeReading(to: &source)
        }
    }

    private func caseName(_ plan: EventPlan) -> String { SwiftNames.eventCase(plan.event.type, of: name) }

    private func writeSwitch(_ head: String, to source: inout SourceText, _ line: (EventPlan) -> String) {
        source.block(head) { source in
            source.line("switch self {")
            for plan in plans { source.line(line(plan)) }
            source.line("}")
        }
    }

    private func writeWriting(to source: inout SourceText) {
        source.block("public func encode(into bytes: inout [UInt8]) throws(EventCodingError)") { source in
            source.line("do throws(JSONError) {")
            source.line("    switch self {")
            for plan in plans {
                source.line("    case .\(caseName(plan))(let event): try event.encodeJSON(to: &bytes)")
            }
            source.line("    }")
            source.line("} catch {")
            source.line("    throw EventCodingError(type: eventType, reason: error.description)")
            source.line("}")
        }
    }

    private func writeReading(to source: inout SourceText) {
        let head =
            "public init(type: EventType, schemaVersion: Int, payload: ArraySlice<UInt8>) throws(EventCodingError)"
        source.block(head) { source in
            source.line("do throws(JSONError) {")
            source.line("    switch (type.rawValue, schemaVersion) {")
            for plan in plans {
                for link in plan.chain.links {
                    source.line("    case (\"\(plan.event.type)\", \(pattern(link.versions))):")
                    source.line("        self = .\(caseName(plan))(\(plan.chain.reading(link)))")
                }
            }
            source.line("    default:")
            source.line("        throw JSONError(.invalid(\"is of a type or version that \(enumName) does not know\"))")
            source.line("    }")
            source.line("} catch {")
            source.line("    throw EventCodingError(type: type, reason: error.description)")
            source.line("}")
        }
    }

    private func pattern(_ versions: ClosedRange<Int>) -> String {
        versions.count == 1 ? "\(versions.lowerBound)" : "\(versions.lowerBound)...\(versions.upperBound)"
    }
}

private func article(_ noun: String) -> String {
    noun.first.map { "AEIOU".contains($0) } == true ? "an" : "a"
}
