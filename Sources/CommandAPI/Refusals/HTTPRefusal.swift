internal import EventSourcing
internal import HTTPSupport
internal import HTTPTypes

/// A business "no" with a status: 404 when what the command is about is not there, 409 when its present state stands
/// against it, and 422 when the command could never be carried out as it is.
protocol HTTPRefusal: BusinessRefusal {
    var status: HTTPResponse.Status { get }
}

extension Problem {
    init(_ refusal: some HTTPRefusal) { self.init(refusal, outcome: "Nothing was changed.") }

    /// - Parameter outcome: What became of the command.
    init(_ refusal: some HTTPRefusal, outcome: String) {
        self.init(
            refusal.status, code: refusal.code, title: "Command refused",
            detail: "\(refusal.description.capitalisedSentence) \(outcome)")
    }
}

extension String {
    /// A clause as a sentence, with a capital letter and a full stop.
    var capitalisedSentence: String { prefix(1).uppercased() + dropFirst() + "." }
}
