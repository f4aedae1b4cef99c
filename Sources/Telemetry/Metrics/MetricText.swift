/// The pieces of the Prometheus text format.
enum MetricText {
    /// `label` as a metric's name: what cannot be in one becomes `_`.
    static func name(_ label: String, suffix: String = "") -> String {
        let name = identifier(label, allowsColon: true)
        return name.hasSuffix(suffix) ? name : name + suffix
    }

    /// `method="GET",route="/orders"`, sorted by name.
    static func labels(_ dimensions: [(String, String)]) -> String {
        dimensions
            .map { (identifier($0.0, allowsColon: false), escaped($0.1)) }
            .sorted { $0.0 < $1.0 }
            .map { "\($0.0)=\"\($0.1)\"" }
            .joined(separator: ",")
    }

    static func line(_ name: String, _ labels: String, _ value: String) -> String {
        labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(labels)} \(value)\n"
    }

    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return Int(exactly: value).map(String.init) ?? value.description
    }

    private static func identifier(_ text: String, allowsColon: Bool) -> String {
        var name = ""
        for character in text.unicodeScalars {
            let isValid =
                switch character {
                case "a"..."z", "A"..."Z", "_": true
                case "0"..."9": !name.isEmpty
                case ":": allowsColon
                default: false
                }
            name.unicodeScalars.append(isValid ? character : "_")
        }
        return name.isEmpty ? "_" : name
    }

    private static func escaped(_ value: String) -> String {
        guard value.utf8.contains(where: { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "\"") || $0 == 0x0A })
        else { return value }
        var text = ""
        for character in value {
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.append(character)
            }
        }
        return text
    }
}
