extension JSONReader {
    /// Checks that `bytes` are one well-formed document, and makes nothing of it.
    ///
    /// - Throws: ``JSONError`` with where it is not.
    public static func check(_ bytes: [UInt8]) throws(JSONError) {
        try bytes.withUnsafeBufferPointer { bytes throws(JSONError) in
            var reader = JSONReader(bytes)
            try reader.skipValue()
            try reader.finish()
        }
    }
}
