internal import NIOConcurrencyHelpers

/// Fetches the pages after a full one while events are made of that, because who reads a full page of history asks for
/// the next ones. History does not change: a full page that was fetched early is as good as one fetched later.
final class ReadAhead: Sendable {
    typealias Fetch = @Sendable () async throws -> [CopiedPage]

    private struct Entry {
        let stretch: Stretch
        let fetch: Task<[CopiedPage], any Error>
    }

    /// How many stretches are held at most, for as many readers.
    private static let stretchesMax = 16

    /// How many stretches are fetched at once behind the one that is being read: PostgreSQL then has two processes at
    /// work for one reader.
    static let depth = 2

    /// A reader that asks for fewer events than this hardly reads history.
    static let limitMin = 500

    private let entries = NIOLockedValueBox<[Entry]>([])

    deinit { for entry in entries.withLockedValue({ $0 }) { entry.fetch.cancel() } }

    /// Fetches a stretch, unless its first page is being fetched or has been.
    func start(_ stretch: Stretch, _ fetch: @escaping Fetch) {
        let forgotten = entries.withLockedValue { entries -> Entry? in
            guard !entries.contains(where: { $0.stretch.contains(stretch.first) }) else { return nil }
            entries.append(Entry(stretch: stretch, fetch: Task { try await fetch() }))
            return entries.count > Self.stretchesMax ? entries.removeFirst() : nil
        }
        forgotten?.fetch.cancel()
    }

    /// The stretch that has the page, fetched or on its way.
    func stretch(with query: PageQuery) -> Stretch? {
        entries.withLockedValue { entries in entries.first { $0.stretch.contains(query) }?.stretch }
    }

    /// The page that was fetched for `query`; `nil` when there is none, or when there may be more in it by now.
    ///
    /// A stretch is forgotten with its last page, or with one that is of no use.
    func take(_ query: PageQuery) async -> CopiedPage? {
        let entry = entries.withLockedValue { entries in entries.first { $0.stretch.contains(query) } }
        guard let entry, let index = entry.stretch.index(of: query) else { return nil }
        let pages = (try? await entry.fetch.value) ?? []
        let page = index < pages.count && pages[index].isWhole ? pages[index] : nil
        if page == nil || index == entry.stretch.pages - 1 { forget(entry.stretch) }
        return page
    }

    private func forget(_ stretch: Stretch) {
        entries.withLockedValue { entries in entries.removeAll { $0.stretch == stretch } }
    }
}
