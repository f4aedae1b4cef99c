internal import EventSourcing
internal import HTTPSupport

/// The logs that can be read and followed. Every route that is about logs asks here which ones are meant.
struct Logs: Sendable {
    /// In the order of their names.
    let all: [any EventStore]

    init(_ store: some StreamStore) { all = store.logs }

    /// The logs that a list takes together: the one that the parameter `log` names, or all of them.
    ///
    /// - Throws: 404 when there is no such log.
    func some(_ query: QueryParameters) throws(Problem) -> [any EventStore] {
        guard let name = try query.value("log", "the name of a log", LogName.init(rawValue:)) else { return all }
        guard let log = all.first(where: { $0.log == name }) else {
            throw .notFound("There is no log of this name; GET /logs names them.")
        }
        return [log]
    }

    /// The log that the parameter `log` names; the only one when it is not there.
    ///
    /// - Throws: 404 when there is no such log, and 400 when it must be named.
    func one(_ query: QueryParameters) throws(Problem) -> any EventStore {
        let logs = try some(query)
        guard logs.count == 1 else {
            throw .badRequest(.query(parameter: "log"), "is missing, and there are several logs; GET /logs names them")
        }
        return logs[0]
    }
}
