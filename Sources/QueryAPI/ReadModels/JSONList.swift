internal import EventCodec
internal import HTTPSupport

extension JSONWriter {
    /// Ends the document with a field that is an array of documents, and perhaps another field.
    ///
    /// - Parameter last: Writes fields that follow the array.
    consuming func ending(
        with name: StaticString, _ documents: [[UInt8]], _ last: (inout JSONWriter) -> Void = { _ in }
    ) -> [UInt8] {
        var json = self
        json.key(name)
        var bytes = json.bytes
        bytes.append(UInt8(ascii: "["))
        bytes.append(contentsOf: documents.joined(separator: [UInt8(ascii: ",")]))
        bytes.append(UInt8(ascii: "]"))
        var rest = JSONWriter()
        rest.startObject()
        last(&rest)
        rest.endObject()
        // Without its opening bracket, what follows continues the object.
        if rest.bytes.count > 2 { bytes.append(UInt8(ascii: ",")) }
        bytes.append(contentsOf: rest.bytes.dropFirst())
        return bytes
    }
}

/// `{"<name>":[…],"next":"…"}`
func page(_ name: StaticString, _ documents: [[UInt8]], next: PageCursor?) -> [UInt8] {
    var json = JSONWriter()
    json.startObject()
    return json.ending(with: name, documents) { json in
        guard let next else { return }
        json.key("next")
        json.string(next.description)
    }
}
