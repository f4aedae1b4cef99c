internal import NIOConcurrencyHelpers

/// Fetches the pages after a full one while events are made of that, because who reads a full page of history asks for
/// the next ones. History does not change: a full page that was fetched early is as good as one fetched later.
final class ReadAhead: Sendable {
    private typealias Fetch = Task<any RawPage, any Error>

    private struct Entry {
        let query: PageQuery
        let fetch: Fetch
    }

    /// How many pages are held at most, for as many readers.
    private static let pagesMax = 16

    /// How many pages are fetched at once behind the one that was asked for: PostgreSQL then has two processes at work
    /// for one reader.
    static let depth = 2

    /// Who asks for fewer events than this hardly reads history.
    static let limitMin = 500

    private let entries = NIOLockedValueBox<[Entry]>([])

    deinit { for entry in entries.withLockedValue({ $0 }) { entry.fetch.cancel() } }

    func start(_ query: PageQuery, _ fetch: @escaping @Sendable () async throws -> any RawPage) {
        let forgotten = entries.withLockedValue { entries -> Entry? in
            guard !entries.contains(where: { $0.query == query }) else { return nil }
            entries.append(Entry(query: query, fetch: Task { try await fetch() }))
            return entries.count > Self.pagesMax ? entries.removeFirst() : nil
        }
        forgotten?.fetch.cancel()
    }

    /// The page that was fetched for `query`; `nil` when there is none, or when there may be more in it by now.
    func take(_ query: PageQuery) async -> (any RawPage)? {
        let entry = entries.withLockedValue { entries -> Entry? in
            guard let index = entries.firstIndex(where: { $0.query == query }) else { return nil }
            return entries.remove(at: index)
        }
        guard let entry, let page = try? await entry.fetch.value, page.isFull else { return nil }
        return page
    }
}
