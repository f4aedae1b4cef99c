internal import NIOConcurrencyHelpers

/// The blocks that were unpacked last, or are being unpacked: each one by one task, whoever asks for it.
final class BlockCache: Sendable {
    private struct Key: Hashable {
        let file: String
        let block: Int
    }

    private struct State {
        var blocks: [Key: Task<Result<EventBlock, ArchiveError>, Never>] = [:]
        /// The least recently used first.
        var order: [Key] = []
    }

    private let capacity: Int
    private let state = NIOLockedValueBox(State())

    init(capacity: Int = 32) { self.capacity = capacity }

    /// Begins to unpack a block, unless that was begun before.
    func block(_ number: Int, of file: SegmentFile) -> Task<Result<EventBlock, ArchiveError>, Never> {
        let key = Key(file: file.path, block: number)
        return state.withLockedValue { state in
            if let known = state.blocks[key] {
                state.order.removeAll { $0 == key }
                state.order.append(key)
                return known
            }
            let task = Task { Result { () throws(ArchiveError) in try file.readBlock(number) } }
            state.blocks[key] = task
            state.order.append(key)
            if state.order.count > capacity { state.blocks[state.order.removeFirst()] = nil }
            return task
        }
    }

    /// Has the blocks of a file read anew.
    func forget(_ path: String) {
        state.withLockedValue { state in
            state.order.removeAll { $0.file == path }
            for key in state.blocks.keys where key.file == path { state.blocks[key] = nil }
        }
    }
}
