/// Whether what was written by one schema can be read by another one as it is.
///
/// A later version may drop fields, add optional ones, make required ones optional, and admit more; whatever else it
/// changes needs an upcaster. Admitting less counts as a change, for code may rely on it.
struct Compatibility {
    let registry: SchemaRegistry

    /// What stands in the way, one clause each; none when `newer` reads what `older` wrote.
    func obstacles(from older: SchemaDocument, to newer: SchemaDocument) -> [String] {
        obstacles(older.schema, newer.schema, at: JSONPointer())
    }

    private func obstacles(_ older: Schema, _ newer: Schema, at pointer: JSONPointer) -> [String] {
        // Two names of one shape, and one shape under the same name, are read alike.
        if case .reference(let left) = older.shape, case .reference(let right) = newer.shape, left == right {
            return []
        }
        guard let older = registry.resolved(older), let newer = registry.resolved(newer) else { return [] }
        switch (older.shape, newer.shape) {
        case (.object(let older), .object(let newer)): return obstacles(older, newer, at: pointer)
        case (.array(let older), .array(let newer)):
            let limits = narrowed(older.minItems ?? 0, newer.minItems, older.maxItems, newer.maxItems)
            return complain(limits, pointer)
                + obstacles(older.items, newer.items, at: pointer.appending("items"))
        case (.string(let older), .string(let newer)): return complain(isNarrowed(older, newer), pointer)
        case (.integer(let older), .integer(let newer)):
            let limits = narrowed(older.minimum, newer.minimum, older.maximum, newer.maximum)
            return complain(limits || newer.excluded != nil && newer.excluded != older.excluded, pointer)
        case (.integer(let older), .number(let newer)):
            let (minimum, maximum) = (older.minimum.map(Double.init), older.maximum.map(Double.init))
            let losesDigits = (older.minimum ?? .min) < -exactIntegerMax || (older.maximum ?? .max) > exactIntegerMax
            return complain(losesDigits || narrowed(minimum, newer.minimum, maximum, newer.maximum), pointer)
        case (.number(let older), .number(let newer)):
            return complain(narrowed(older.minimum, newer.minimum, older.maximum, newer.maximum), pointer)
        case (.boolean, .boolean): return []
        default: return ["\(pointer.phrase) has another type"]
        }
    }

    private func obstacles(_ older: ObjectRules, _ newer: ObjectRules, at pointer: JSONPointer) -> [String] {
        newer.properties.flatMap { property -> [String] in
            let place = pointer.appending("properties").appending(property.name)
            guard let before = older[property.name] else {
                return property.isRequired ? ["\(place) is new and required"] : []
            }
            let requirement = property.isRequired && !before.isRequired ? ["\(place) has become required"] : []
            return requirement + obstacles(before.schema, property.schema, at: place)
        }
    }

    private func complain(_ isNarrowed: Bool, _ pointer: JSONPointer) -> [String] {
        isNarrowed ? ["\(pointer.phrase) admits less than before"] : []
    }
}

/// Up to here a number that is read as a `Double` is the integer that was written.
private let exactIntegerMax = 1 << 53

private func isNarrowed(_ older: StringRules, _ newer: StringRules) -> Bool {
    let losesValues =
        switch (older.values, newer.values) {
        case (_, nil): false
        case (nil, _?): true
        case (let before?, let after?): !Set(before).isSubset(of: after)
        }
    return losesValues || newer.pattern != nil && newer.pattern != older.pattern
        || newer.format != nil && newer.format != older.format
        || narrowed(older.minLength ?? 0, newer.minLength, older.maxLength, newer.maxLength)
}

/// Whether a range with optional bounds has lost any of its values.
private func narrowed<Bound: Comparable>(
    _ oldMinimum: Bound?, _ newMinimum: Bound?, _ oldMaximum: Bound?, _ newMaximum: Bound?
) -> Bool {
    let raises = newMinimum.map { new in oldMinimum.map { new > $0 } ?? true } ?? false
    let lowers = newMaximum.map { new in oldMaximum.map { new < $0 } ?? true } ?? false
    return raises || lowers
}
