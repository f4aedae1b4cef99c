extension TypeModel {
    /// Writes the type without its codec. `members` come first in its body.
    func writeDeclaration(to source: inout SourceText, members: [String] = []) {
        source.documentation(description)
        switch kind {
        case .enumeration(let values):
            source.block("public enum \(name): String, Sendable, Hashable, CaseIterable") { source in
                for value in values { source.line("case \(SwiftNames.enumCase(value)) = \"\(value)\"") }
            }
        case .structure(let fields, let nested):
            source.block("public struct \(name): Sendable, Hashable") { source in
                for member in members { source.line(member) }
                if !members.isEmpty { source.line() }
                writeFields(fields, to: &source)
                for type in nested {
                    type.writeDeclaration(to: &source)
                    source.line()
                }
                writeInitializer(fields, to: &source)
            }
        }
    }

    private func writeFields(_ fields: [FieldModel], to source: inout SourceText) {
        for field in fields {
            source.documentation(field.description)
            source.line("public var \(field.swiftName): \(field.type)\(field.isRequired ? "" : "?")")
        }
        if !fields.isEmpty { source.line() }
    }

    private func writeInitializer(_ fields: [FieldModel], to source: inout SourceText) {
        guard !fields.isEmpty else { return source.line("public init() {}") }
        let parameters = fields.map { "\($0.swiftName): \($0.type)\($0.isRequired ? "" : "? = nil")" }
        source.list("public init(", parameters, ") {")
        for field in fields { source.line("    self.\(field.swiftName) = \(field.swiftName)") }
        source.line("}")
    }

    /// Writes the codecs of this type and of those inside it.
    func writeCodec(to source: inout SourceText, in scope: String = "", isWritable: Bool = true) {
        source.line()
        switch kind {
        case .enumeration:
            source.block("extension \(scope)\(name): \(isWritable ? "JSONCodable" : "JSONReadable")") { source in
                source.line("public init(json: inout JSONReader) throws(JSONError) { self = try json.oneOf() }")
                if isWritable { source.line("public func write(to json: inout JSONWriter) { json.string(rawValue) }") }
            }
        case .structure(let fields, let nested):
            source.block("extension \(scope)\(name): \(isWritable ? "JSONCodable" : "JSONReadable")") { source in
                writeReading(fields, to: &source)
                if isWritable { writeWriting(fields, to: &source) }
            }
            for type in nested { type.writeCodec(to: &source, in: "\(scope)\(name).", isWritable: isWritable) }
        }
    }

    private func writeReading(_ fields: [FieldModel], to source: inout SourceText) {
        source.block("public init(json: inout JSONReader) throws(JSONError)") { source in
            guard !fields.isEmpty else {
                source.line("_ = try json.startObject()")
                return source.line("while try json.nextKey() != nil { try json.skipValue() }")
            }
            for field in fields {
                source.line("var \(field.swiftName): \(field.type)?\(field.isRequired ? "" : "?")")
            }
            source.line("\(fields.contains(where: \.isRequired) ? "let object" : "_") = try json.startObject()")
            source.block("while let field = try json.nextKey()") { source in
                source.line("switch field {")
                for field in fields {
                    let read = field.isRequired ? "read" : "readOptional"
                    source.line("case \"\(field.jsonName)\": try json.\(read)(&\(field.swiftName))")
                }
                source.line("default: try json.skipValue()")
                source.line("}")
            }
            for field in fields { source.line("self.\(field.swiftName) = \(field.extraction)") }
        }
    }

    private func writeWriting(_ fields: [FieldModel], to source: inout SourceText) {
        source.line()
        source.block("public func write(to json: inout JSONWriter)") { source in
            source.line("json.startObject()")
            for field in fields {
                let statements = ["json.key(\"\(field.jsonName)\")", "\(field.swiftName).write(to: &json)"]
                if field.isRequired {
                    for statement in statements { source.line(statement) }
                } else {
                    source.block("if let \(field.swiftName)") { source in
                        for statement in statements { source.line(statement) }
                    }
                }
            }
            source.line("json.endObject()")
        }
    }
}

extension FieldModel {
    /// The value, once every field of the object has been read.
    fileprivate var extraction: String {
        isRequired ? "try json.require(\(swiftName), \"\(jsonName)\", in: object)" : "\(swiftName) ?? nil"
    }
}
