extension InMemoryLog {
    func streams(in category: StreamCategory?, after stream: StreamName?, limit: Int) -> [StreamSummary] {
        let names = streamNames.filter { name in
            (category.map { name.category.isExactly($0.rawValue) } ?? true)
                && (stream.map { $0.rawValue.isExactlyBefore(name.rawValue) } ?? true)
        }
        return names.sorted { $0.rawValue.isExactlyBefore($1.rawValue) }.prefix(limit).compactMap { name in
            events(of: name).last.map { StreamSummary(stream: name, revision: $0.revision) }
        }
    }

    /// Sorted.
    var categories: [String] { Set(streamNames.map { ExactText($0.category) }).sorted().map(\.text) }
}
