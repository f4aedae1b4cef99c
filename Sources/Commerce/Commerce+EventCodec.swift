public import EventCodec

/// Events hold identifiers as plain strings and amounts as objects.
extension TextIdentifier {
    /// Takes any text: history cannot be refused.
    @inlinable
    public init(json: inout JSONReader) throws(JSONError) { self.init(rawValue: try json.string()) }

    @inlinable
    public func write(to json: inout JSONWriter) { json.string(rawValue) }
}

extension SKU: JSONCodable {}
extension LocationID: JSONCodable {}
extension OrderID: JSONCodable {}
extension OrderNumber: JSONCodable {}
extension CustomerID: JSONCodable {}
extension CalendarDate: JSONCodable {}
extension Currency: JSONCodable {}

extension Money: JSONCodable {
    public init(json: inout JSONReader) throws(JSONError) {
        var minorUnits: Int?
        var currency: Currency?
        let object = try json.startObject()
        while let field = try json.nextKey() {
            switch field {
            case "minorUnits": try json.read(&minorUnits)
            case "currency": try json.read(&currency)
            default: try json.skipValue()
            }
        }
        self.init(
            minorUnits: try json.require(minorUnits, "minorUnits", in: object),
            currency: try json.require(currency, "currency", in: object))
    }

    public func write(to json: inout JSONWriter) {
        json.startObject()
        json.key("minorUnits")
        json.integer(minorUnits)
        json.key("currency")
        currency.write(to: &json)
        json.endObject()
    }
}
