/// A place in a request's body, and the list of what is wrong there.
public struct JSONPlace {
    /// More than this many are not listed.
    private static let flawsMax = 100

    private final class Report {
        var flaws: [Problem.Flaw] = []
    }

    private indirect enum Path {
        case root
        case field(Path, String)
        case element(Path, Int)

        /// The JSON pointer (RFC 6901).
        var pointer: String {
            switch self {
            case .root: ""
            case .field(let parent, let name): parent.pointer + "/" + token(name)
            case .element(let parent, let index): parent.pointer + "/\(index)"
            }
        }
    }

    private let path: Path
    private let list: Report

    static func root() -> JSONPlace { JSONPlace(path: .root, list: Report()) }

    var flaws: [Problem.Flaw] { list.flaws }

    public func field(_ name: String) -> JSONPlace { JSONPlace(path: .field(path, name), list: list) }

    func element(_ index: Int) -> JSONPlace { JSONPlace(path: .element(path, index), list: list) }

    /// Records what is wrong with this place: the end of a sentence, which must not quote the value.
    public func report(_ detail: String) {
        guard list.flaws.count < Self.flawsMax else { return }
        list.flaws.append(Problem.Flaw(.body(pointer: path.pointer), detail))
    }
}

/// Names of fields are plain and short; whatever else a client uses as one is not repeated to it.
private func token(_ name: String) -> String {
    guard name.utf8.count <= 64, name.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return "…" }
    return name.reduce(into: "") { token, character in
        switch character {
        case "~": token += "~0"
        case "/": token += "~1"
        default: token.append(character)
        }
    }
}
