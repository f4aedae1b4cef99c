internal import EventSourcing
internal import Testing

extension EventStoreContract where Store: EventStore {
    func verifyListing() async throws {
        try await listsStreamsInTheOrderOfTheirNames()
        try await keepsCategoriesApartWhoseNamesBeginAlike()
    }

    private func listsStreamsInTheOrderOfTheirNames() async throws {
        let category = newCategory()
        // In the order of their bytes, which is not the one that people sort by.
        let ids = ["", "1", "10", "2", "A", "a", "a-b", "z", "é", "日"]
        for id in ids.shuffled() {
            _ = try await store.append(events(id == "2" ? 3 : 1), to: category.stream(id), expecting: .noStream)
        }
        let expected = ids.map {
            StreamSummary(stream: category.stream($0), revision: Revision(rawValue: $0 == "2" ? 2 : 0))
        }
        #expect(try await store.streams(in: category, after: nil, limit: 100) == expected)
        var paged: [StreamSummary] = []
        while true {
            let page = try await store.streams(in: category, after: paged.last?.stream, limit: 3)
            #expect(page.count <= 3)
            guard !page.isEmpty else { break }
            paged += page
        }
        #expect(paged == expected, "pages join without a gap or a repeat")
        let everything = try await store.streams(in: nil, after: category.stream("10"), limit: 2)
        #expect(everything == Array(expected[3...4]), "the same order without a category")
    }

    private func keepsCategoriesApartWhoseNamesBeginAlike() async throws {
        let category = newCategory()
        // A name without '-' is a category of its own; names that sort between it and its category's other streams are
        // not.
        let bare = StreamName(recorded: category.rawValue)
        let others = ["!x", "!x-1", ".", "2-1"].map { StreamName(recorded: category.rawValue + $0) }
        for stream in [category.stream("1"), bare, category.stream("2")] + others {
            _ = try await store.append(events(1), to: stream, expecting: .noStream)
        }
        func names(after stream: StreamName?) async throws -> [StreamName] {
            try await store.streams(in: category, after: stream, limit: 100).map(\.stream)
        }
        #expect(try await names(after: nil) == [bare, category.stream("1"), category.stream("2")])
        #expect(try await names(after: bare) == [category.stream("1"), category.stream("2")])
        #expect(try await names(after: others[1]) == [category.stream("1"), category.stream("2")])
        #expect(try await names(after: category.stream("2")) == [])
        #expect(try await names(after: others[2]) == [])
        #expect(try await names(after: others[3]) == [])
        #expect(try await store.streams(in: newCategory(), after: nil, limit: 1).isEmpty)

        let all = try await store.categories(limit: 10_000)
        #expect(all.filter { $0.hasPrefix(category.rawValue) } == ["", "!x", ".", "2"].map { category.rawValue + $0 })
        #expect(Set(all).count == all.count, "each category once")
        #expect(try await store.categories(limit: 1).count == 1)
    }

    private func newCategory() -> StreamCategory {
        StreamCategory(recorded: "listed" + String(UInt64.random(in: 0 ... .max)))
    }
}
