import EventSourcing
import EventSourcingTesting
import Foundation
import Glibc
import NIOConcurrencyHelpers
import Testing

@testable import PostgresEventStore

@Suite struct `A process that writes for others` {
    @Test func `takes in what is handed to it, and answers`() throws {
        let leader = try Leader()
        defer { leader.remove() }
        let follower = try Follower(of: leader)
        try follower.hand([newStream(), newStream()])
        leader.begin()
        _ = try follower.socket.receive()
        #expect(try HandedAnswers(follower.socket.receive()).answers == [.notWritten, .notWritten])
        #expect(leader.submitted.withLockedValue(\.count) == 2)
    }

    /// It has looked for what it handed over, in vain, and may have written something else by now.
    @Test func `does not take in what one has sent who went away while it stood still`() throws {
        let leader = try Leader()
        defer { leader.remove() }
        let follower = try Follower(of: leader)
        try follower.hand([newStream()])
        follower.goAway()
        leader.begin()
        _ = try follower.socket.receive()
        let error = #expect(throws: SocketError.self) { try follower.socket.receive() }
        #expect(error?.isSilence == false, "the leader has cut the link")
        #expect(leader.submitted.withLockedValue(\.count) == 0)
    }

    @Test func `cuts off who sends what nobody understands, and goes on with the others`() throws {
        let leader = try Leader()
        defer { leader.remove() }
        let (babbler, follower) = (try Follower(of: leader), try Follower(of: leader))
        try babbler.socket.send([1, 2, 3])
        leader.begin()
        _ = try babbler.socket.receive()
        let error = #expect(throws: SocketError.self) { try babbler.socket.receive() }
        #expect(error?.isSilence == false)
        try follower.hand([newStream()])
        _ = try follower.socket.receive()
        #expect(try HandedAnswers(follower.socket.receive()).answers == [.notWritten])
    }
}

/// A leader that refuses everything. Until it begins it stands still: others can connect, and nobody reads what they
/// send.
private final class Leader: Sendable {
    let folder: WriterFolder
    let submitted = NIOLockedValueBox<[AppendRequest]>([])
    private let leadership: WriterLeadership

    init() throws {
        folder = WriterFolder(path: "/tmp/strata-leader-\(UUID().uuidString.prefix(8))")
        try folder.prepare()
        let lock = try #require(try folder.lock("log"))
        leadership = WriterLeadership(lock, try FrameListener(at: folder.socketPath("log")), Greeting(token: 7))
    }

    func begin() {
        leadership.begin { [submitted] group in
            submitted.withLockedValue { $0 += group }
            for request in group { request.reply(.failure(EventStoreError(.conflict, "Not wanted."))) }
        }
    }

    func remove() {
        leadership.end()
        try? FileManager.default.removeItem(atPath: folder.path)
    }
}

private struct Follower {
    let socket: FrameSocket
    private let descriptor: CInt

    init(of leader: Leader) throws {
        let descriptor = try FrameSocket.makeDescriptor()
        self.descriptor = descriptor
        socket = FrameSocket(descriptor)
        socket.setSilenceMax(.seconds(30))
        let connected = try FrameSocket.withAddress(leader.folder.socketPath("log")) { connect(descriptor, $0, $1) }
        try #require(connected == 0)
    }

    func hand(_ streams: [StreamName]) throws {
        let appends = streams.map { StreamAppend(stream: $0, expected: .noStream, events: [event()]) }
        let requests = appends.map { AppendRequest([$0], provided: [], deadline: .now) { _ in } }
        try socket.send(HandedGroup(requests.map(\.streams)).bytes)
    }

    /// Sends nothing more, but could still be answered.
    func goAway() { shutdown(descriptor, CInt(SHUT_WR)) }
}
