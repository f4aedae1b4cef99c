internal import EventSourcing
internal import Testing

extension EventStoreContract where Store: EventStore {
    /// Whatever comes in: a typed error before anything is written, or a correct result.
    func verifyBadInput() async throws {
        try await verifyOddNamesComeBackAsTheyWent()
        try await verifyNamesOfOtherBytesAreOtherStreams()
        try await verifyImpossibleNamesAreRefused()
        try await verifyTextsOfMetadata()
        try await verifyPayloadsAtTheirLimit()
        try await verifyJSONIsJSON()
        try await verifyPositionsAndRevisionsBeyondAllBounds()
        try await verifyImpossibleReadsAreRefused()
    }

    // MARK: Names

    private func verifyOddNamesComeBackAsTheyWent() async throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = Seeded(seed)
        for _ in 0..<40 {
            let text = OddText.make(&random)
            let id = EventID.make().description
            // The first character may join what stands before it: the category still ends at the first hyphen.
            let stream = StreamCategory("contract").stream(text + id)
            var event = event(EventType(recorded: "Odd" + text))
            event.tags = [EventTag("odd", text + id)]
            let receipt = try await store.append([event], to: stream, expecting: .noStream)
            let read = try #require(try await store.readAll(stream).first, "seed \(seed)")
            #expect(Array(read.stream.rawValue.utf8) == Array(stream.rawValue.utf8), "seed \(seed)")
            #expect(Array(read.type.rawValue.utf8) == Array(event.type.rawValue.utf8), "seed \(seed)")
            #expect(read.tags == event.tags, "seed \(seed)")
            #expect(read.stream.category == "contract", "seed \(seed)")
            #expect(Array(read.stream.id.utf8) == Array((text + id).utf8), "seed \(seed)")
            let filter = EventFilter(
                categories: ["contract"], types: [event.type],
                query: EventQuery([.init(tags: event.tags, types: [event.type])]))
            let start = Position(rawValue: receipt.position.rawValue - 1)
            let found = try await store.readLog(after: start, .forwards, filter: filter, limit: 10)
            #expect(found.events.map(\.id) == [event.id], "seed \(seed)")
        }
    }

    /// `é` as one scalar and as `e` with an accent, which Swift takes for the same text.
    private func verifyNamesOfOtherBytesAreOtherStreams() async throws {
        let id = EventID.make().description
        let composed = StreamCategory("contract").stream("caf\u{E9}\(id)")
        let decomposed = StreamCategory("contract").stream("cafe\u{301}\(id)")
        #expect(composed != decomposed)
        var (left, right) = (event("Caf\u{E9}"), event("Cafe\u{301}"))
        left.tags = [EventTag("tag", "caf\u{E9}\(id)")]
        right.tags = [EventTag("tag", "cafe\u{301}\(id)")]
        let receipt = try await store.append([
            StreamAppend(stream: composed, expected: .noStream, events: [left]),
            StreamAppend(stream: decomposed, expected: .noStream, events: [right]),
        ])
        #expect(try await store.readAll(composed).map(\.id) == [left.id])
        #expect(try await store.readAll(decomposed).map(\.id) == [right.id])
        let start = Position(rawValue: receipt.position.rawValue - 2)
        for event in [left, right] {
            for filter in [EventFilter(types: [event.type]), EventFilter(query: EventQuery([.init(tags: event.tags)]))]
            {
                let page = try await store.readLog(after: start, .forwards, filter: filter, limit: 10)
                #expect(page.events.map(\.id) == [event.id])
            }
        }
        _ = try await store.append(
            [event()], to: newStream(), expecting: .noStream,
            provided: [.noEvents(matching: EventQuery([.init(tags: left.tags, types: [right.type])]), after: .start)])
    }

    private func verifyImpossibleNamesAreRefused() async throws {
        let tooLong = String(repeating: "é", count: 257)
        for name in ["", "contract-\u{0}", "contract-\n", "contract-\u{7F}", tooLong] {
            let stream = StreamName(recorded: name)
            await expectInvalid { () async throws(EventStoreError) in
                try await store.append([event()], to: stream, expecting: .any)
            }
            await expectInvalid { () async throws(EventStoreError) in
                try await store.append(
                    [event()], to: newStream(), expecting: .any, provided: [.stream(stream, .noStream)])
            }
            await expectInvalidRead("a stream that cannot be") { () async throws(EventStoreError) in
                try await store.read(stream, from: nil, .forwards, limit: 1)
            }
            await expectInvalidRead("an event of such a stream") { () async throws(EventStoreError) in
                try await store.find(.make(), in: stream)
            }
            await expectInvalid { () async throws(EventStoreError) in
                try await store.append([event(EventType(recorded: name))], to: newStream(), expecting: .any)
            }
            await expectInvalidRead("a type that cannot be") { () async throws(EventStoreError) in
                try await store.readLog(
                    after: nil, .forwards, filter: EventFilter(types: [EventType(recorded: name)]), limit: 1)
            }
        }
    }

    private func verifyTextsOfMetadata() async throws {
        let stream = newStream()
        var odd = event()
        odd.metadata.actor = "\u{1}'\"\\%\n\u{202E}👩‍👩‍👧‍👦 cafe\u{301}"
        odd.metadata.reason = ""
        _ = try await store.append([odd], to: stream, expecting: .noStream)
        let read = try await store.readAll(stream).map(\.metadata)
        #expect(read == [odd.metadata])
        odd.metadata.reason = "a\u{0}b"
        let refused = odd
        await expectInvalid { () async throws(EventStoreError) in
            try await store.append([refused], to: stream, expecting: .any)
        }
    }

    // MARK: Payloads

    private func verifyPayloadsAtTheirLimit() async throws {
        let stream = newStream()
        let limit = AppendLimits().payloadBytesMax
        func binary(_ count: Int) -> NewEvent {
            var event = event()
            event.contentType = .binary
            event.payload = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
            return event
        }
        let whole = binary(limit)
        _ = try await store.append([whole, binary(0)], to: stream, expecting: .noStream)
        let read = try await store.readAll(stream)
        #expect(read.map(\.payload.count) == [limit, 0])
        #expect(read.first.map { $0.payload.elementsEqual(whole.payload) } == true, "every byte, NUL too")
        await expectInvalid { () async throws(EventStoreError) in
            try await store.append([binary(limit + 1)], to: stream, expecting: .any)
        }
        #expect(try await store.readAll(stream).count == 2)
    }

    private func verifyJSONIsJSON() async throws {
        for payload in ["", "{", "{}x", "{'a':1}", #"{"a":01}"#, "\u{FEFF}{}", "nul", #"["\uD800"]"#] {
            await expectInvalid { () async throws(EventStoreError) in
                try await store.append([event("Happened", payload)], to: newStream(), expecting: .any)
            }
        }
        var notText = event()
        notText.payload = [UInt8(ascii: "\""), 0xFF, UInt8(ascii: "\"")]
        let latin = notText
        await expectInvalid { () async throws(EventStoreError) in
            try await store.append([latin], to: newStream(), expecting: .any)
        }
        let stream = newStream()
        let payloads = ["null", " [1, 2] ", #"{"b":1,"a":1,"a":2}"#, #"{"text":"\u0000 \ud83d\ude00 é"}"#]
        _ = try await store.append(payloads.map { event("Happened", $0) }, to: stream, expecting: .noStream)
        let read = try await store.readAll(stream).map { String(decoding: $0.payload, as: UTF8.self) }
        #expect(read == payloads, "the bytes are kept as they are")
    }

    // MARK: Positions and limits

    private func verifyPositionsAndRevisionsBeyondAllBounds() async throws {
        let stream = newStream()
        let receipt = try await store.append(events(3), to: stream, expecting: .noStream)
        func revisions(_ from: Int64, _ direction: ReadDirection) async throws -> [Int64] {
            try await store.read(stream, from: Revision(rawValue: from), direction, limit: 5).events.map(
                \.revision.rawValue)
        }
        for early in [Int64.min, -1] {
            #expect(try await revisions(early, .forwards) == [0, 1, 2])
            #expect(try await revisions(early, .backwards) == [])
        }
        for late in [Int64.max, 3] {
            #expect(try await revisions(late, .forwards) == [])
            #expect(try await revisions(late, .backwards) == [2, 1, 0])
        }
        #expect(try await store.readAll(stream, after: Revision(rawValue: .max)).isEmpty)

        for filter in [EventFilter.all, EventFilter(types: ["Happened"]), EventFilter(query: EventQuery(tagged: "no"))]
        {
            for early in [Int64.min, -1, 0] {
                let start = Position(rawValue: early)
                let page = try await store.readLog(after: start, .forwards, filter: filter, limit: 2)
                #expect(page.events.first?.position ?? .start <= receipt.position)
                #expect(page.through >= .start)
                let before = try await store.readLog(after: start, .backwards, filter: filter, limit: 2)
                #expect(before.events.isEmpty)
            }
            for late in [Int64.max, Int64.max - 1, receipt.position.rawValue + 1_000_000] {
                let end = Position(rawValue: late)
                let page = try await store.readLog(after: end, .forwards, filter: filter, limit: 2)
                #expect(page.events.isEmpty, "past the end there is nothing yet")
                #expect(page.through == end, "and a reader stays where it is")
                _ = try await store.readLog(after: end, .backwards, filter: filter, limit: 2)
            }
        }
        // What nobody has come to yet cannot have been recorded after it.
        _ = try await store.append(
            events(1), to: newStream(), expecting: .noStream,
            provided: [.noEvents(matching: EventQuery(tagged: "no"), after: Position(rawValue: .max))])
        let unheardOf = Revision(rawValue: 1_000_000_000_000)
        await expectConflict(actual: Revision(rawValue: 2)) { () async throws(EventStoreError) in
            try await store.append(events(1), to: stream, expecting: .exact(unheardOf))
        }
        await expectConflict(actual: nil) { () async throws(EventStoreError) in
            try await store.append(events(1), to: newStream(), expecting: .exact(unheardOf))
        }
        for stream in [stream, newStream()] {
            await expectInvalid { () async throws(EventStoreError) in
                try await store.append(events(1), to: stream, expecting: .exact(Revision(rawValue: .max)))
            }
        }
    }

    private func verifyImpossibleReadsAreRefused() async throws {
        let stream = newStream()
        let most = ReadLimits().pageEventsMax
        _ = try await store.read(stream, from: nil, .forwards, limit: PageSize(events: most))
        let sizes = [Int.min, -1, 0, most + 1, .max].map { PageSize(events: $0) }
        for limit in sizes + [PageSize(events: 1, bytes: 0), PageSize(events: 1, bytes: .min)] {
            await expectInvalidRead("a page of \(limit)") { () async throws(EventStoreError) in
                try await store.read(stream, from: nil, .forwards, limit: limit)
            }
            await expectInvalidRead("a page of \(limit)") { () async throws(EventStoreError) in
                try await store.readLog(after: nil, .forwards, filter: .all, limit: limit)
            }
            await expectInvalidRead("a page of \(limit)") { () async throws(EventStoreError) in
                try await store.events(correlatedBy: .make(), limit: limit)
            }
            await expectInvalidRead("a subscription with pages of \(limit)") { () async throws(EventStoreError) in
                try await store.subscribe(after: .start, pageSize: limit).makeAsyncIterator().next()
            }
        }
        _ = try await store.categories(limit: most)
        for limit in [Int.min, -1, 0, most + 1, .max] {
            await expectInvalidRead("\(limit) categories") { () async throws(EventStoreError) in
                try await store.categories(limit: limit)
            }
            await expectInvalidRead("\(limit) streams") { () async throws(EventStoreError) in
                try await store.streams(in: nil, after: nil, limit: limit)
            }
        }
        for query in [EventQuery([]), EventQuery([.init(tags: [])]), EventQuery(tagged: EventTag(recorded: "\n"))] {
            await expectInvalidRead("\(query)") { () async throws(EventStoreError) in
                try await store.readLog(after: nil, .forwards, filter: EventFilter(query: query), limit: 1)
            }
        }
    }
}
