internal import EventCodec
internal import EventSourcing
internal import HTTPSupport
internal import HTTPTypes

extension AppendLimits {
    /// Holds the sizes of an append against the limits.
    ///
    /// - Throws: 413 with the limit's name.
    func checkSizes(of appends: [StreamAppend]) throws(Problem) {
        let events = appends.flatMap(\.events)
        try check(events.count, eventsMax, "eventsMax", "events in one append")
        try check(appends.count, streamsMax, "streamsMax", "streams in one append")
        for event in events { try check(event.payload.count, payloadBytesMax, "payloadBytesMax", "bytes in a payload") }
        let bytes = events.reduce(0) { $0 + $1.payload.count }
        try check(bytes, appendBytesMax, "appendBytesMax", "bytes of payloads in one append")
    }

    private func check(_ count: Int, _ maximum: Int, _ limit: String, _ what: String) throws(Problem) {
        guard count > maximum else { return }
        throw Problem(
            .contentTooLarge, code: "limitExceeded", title: "Limit exceeded",
            detail: "There are \(count) \(what); at most \(maximum) are taken. Nothing was changed; send less at once.",
            members: ["limit": .string(limit), "maximum": .integer(maximum)])
    }
}
