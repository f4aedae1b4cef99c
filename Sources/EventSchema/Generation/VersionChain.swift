/// How the versions of one type of event are read: those that a later one can read by itself share its struct, and
/// every struct but the newest is upcast to the next.
struct VersionChain {
    /// Versions that one struct reads, by the last of them.
    struct Link {
        let versions: ClosedRange<Int>
        let document: SchemaDocument
        let typeName: String
    }

    /// From the oldest to the newest; the newest carries the event's own name.
    let links: [Link]

    init(_ event: EventDefinition, in registry: SchemaRegistry) {
        var groups: [[SchemaDocument]] = []
        for document in event.versions {
            let canJoin =
                !document.wantsUpcaster
                && groups.last?.allSatisfy {
                    Compatibility(registry: registry).obstacles(from: $0, to: document).isEmpty
                } == true
            if canJoin { groups[groups.count - 1].append(document) } else { groups.append([document]) }
        }
        links = groups.enumerated().map { index, group in
            let last = group[group.count - 1]
            return Link(
                versions: group[0].path.version...last.path.version, document: last,
                typeName: index == groups.count - 1 ? event.type : "\(event.type)V\(last.path.version)")
        }
    }

    /// The initialisers that must be written by hand: `next.init(upcasting: older)`.
    var upcasters: [(older: String, next: String)] {
        zip(links, links.dropFirst()).map { ($0.typeName, $1.typeName) }
    }

    /// The expression that reads a payload of `link`'s versions as the newest struct.
    func reading(_ link: Link) -> String {
        var expression = "try \(link.typeName)(jsonBytes: payload)"
        for next in links where next.versions.lowerBound > link.versions.upperBound {
            let argument = expression.hasPrefix("try ") ? String(expression.dropFirst(4)) : expression
            expression = "try \(next.typeName)(upcasting: \(argument))"
        }
        return expression
    }
}
