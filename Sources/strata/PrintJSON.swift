internal import EventCodec

/// Prints an object on a line of its own.
func printJSON(_ object: JSONObject) {
    print(String(decoding: object.jsonBytes, as: UTF8.self))
}
