internal import EventCodec

extension Report {
    /// Everything that the Markdown says, for programs.
    var json: String {
        let object: JSONObject = [
            "goals": .array(sections.flatMap { section in section.goals.compactMap { $0.json(in: section) } }),
            "sections": .array(sections.map { .object($0.json) }),
            "background": .object(JSONObject(background.map { .init(key: $0.title, value: .object($0.json)) })),
        ]
        return String(decoding: object.jsonBytes, as: UTF8.self) + "\n"
    }
}

extension Goal {
    fileprivate func json(in section: Section) -> JSONValue? {
        guard let value = reached(section.figures) else { return nil }
        let (bound, limit): (String, Double) =
            switch bound {
            case .atLeast(let least): ("atLeast", least)
            case .atMost(let most): ("atMost", most)
            }
        return [
            "section": .string(section.title), "title": .string(title), "value": .number(value),
            bound: .number(limit), "reached": .boolean(isMet(by: value)),
        ]
    }
}

extension Section {
    fileprivate var json: JSONObject {
        let figures = figures.names.map { name -> JSONValue in
            [
                "name": .string(name), "unit": .string(self.figures.unit(name)?.rawValue ?? ""),
                "median": .number(self.figures.median(name) ?? 0),
                "rounds": .array(self.figures.rounds(name).map { .number($0) }),
            ]
        }
        return ["title": .string(title), "notes": .string(notes), "figures": .array(figures)]
    }
}

extension Facts {
    fileprivate var json: JSONObject { JSONObject(entries.map { .init(key: $0.name, value: .string($0.value)) }) }
}
