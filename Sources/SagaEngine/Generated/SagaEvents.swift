// Generated from EventSchemas/sagas by `strata schemas generate`. Do not edit.
// swift-format-ignore-file

public import EventCodec
public import EventSourcing

/// What can happen to a `Saga`.
public enum SagaEvent: Sendable, Hashable {
    /// The saga turned back, and everything it had begun is undone.
    case compensated(SagaCompensated)
    /// Every step was carried out.
    case completed(SagaCompleted)
    /// The saga ran out of attempts and waits for an operator.
    case quarantined(SagaQuarantined)
    /// An operator told the saga to try again.
    case resumed(SagaResumed)
    /// An event started a saga.
    case started(SagaStarted)
    /// A step's command was carried out.
    case stepCompleted(SagaStepCompleted)
    /// An attempt at a step failed, or its outcome is unknown; it will be made again.
    case stepFailed(SagaStepFailed)
    /// A step's command is about to be sent. From now on its compensation covers it.
    case stepIntended(SagaStepIntended)
    /// A step's command was refused for a business reason, and the saga turns back.
    case stepRefused(SagaStepRefused)
    /// An operator told the saga to take a step as done.
    case stepSkipped(SagaStepSkipped)
    /// A step's compensation was carried out.
    case stepUndone(SagaStepUndone)
}

extension SagaEvent: EventPayload {
    public static let eventTypes: [EventType]? = [
        SagaCompensated.eventType,
        SagaCompleted.eventType,
        SagaQuarantined.eventType,
        SagaResumed.eventType,
        SagaStarted.eventType,
        SagaStepCompleted.eventType,
        SagaStepFailed.eventType,
        SagaStepIntended.eventType,
        SagaStepRefused.eventType,
        SagaStepSkipped.eventType,
        SagaStepUndone.eventType
    ]

    public var eventType: EventType {
        switch self {
        case .compensated: SagaCompensated.eventType
        case .completed: SagaCompleted.eventType
        case .quarantined: SagaQuarantined.eventType
        case .resumed: SagaResumed.eventType
        case .started: SagaStarted.eventType
        case .stepCompleted: SagaStepCompleted.eventType
        case .stepFailed: SagaStepFailed.eventType
        case .stepIntended: SagaStepIntended.eventType
        case .stepRefused: SagaStepRefused.eventType
        case .stepSkipped: SagaStepSkipped.eventType
        case .stepUndone: SagaStepUndone.eventType
        }
    }

    public var schemaVersion: Int {
        switch self {
        case .compensated: SagaCompensated.schemaVersion
        case .completed: SagaCompleted.schemaVersion
        case .quarantined: SagaQuarantined.schemaVersion
        case .resumed: SagaResumed.schemaVersion
        case .started: SagaStarted.schemaVersion
        case .stepCompleted: SagaStepCompleted.schemaVersion
        case .stepFailed: SagaStepFailed.schemaVersion
        case .stepIntended: SagaStepIntended.schemaVersion
        case .stepRefused: SagaStepRefused.schemaVersion
        case .stepSkipped: SagaStepSkipped.schemaVersion
        case .stepUndone: SagaStepUndone.schemaVersion
        }
    }

    public func encode(into bytes: inout [UInt8]) throws(EventCodingError) {
        do throws(JSONError) {
            switch self {
            case .compensated(let event): try event.encodeJSON(to: &bytes)
            case .completed(let event): try event.encodeJSON(to: &bytes)
            case .quarantined(let event): try event.encodeJSON(to: &bytes)
            case .resumed(let event): try event.encodeJSON(to: &bytes)
            case .started(let event): try event.encodeJSON(to: &bytes)
            case .stepCompleted(let event): try event.encodeJSON(to: &bytes)
            case .stepFailed(let event): try event.encodeJSON(to: &bytes)
            case .stepIntended(let event): try event.encodeJSON(to: &bytes)
            case .stepRefused(let event): try event.encodeJSON(to: &bytes)
            case .stepSkipped(let event): try event.encodeJSON(to: &bytes)
            case .stepUndone(let event): try event.encodeJSON(to: &bytes)
            }
        } catch {
            throw EventCodingError(type: eventType, reason: error.description)
        }
    }

    public init(type: EventType, schemaVersion: Int, payload: ArraySlice<UInt8>) throws(EventCodingError) {
        do throws(JSONError) {
            switch (type.rawValue, schemaVersion) {
            case ("SagaCompensated", 1):
                self = .compensated(try SagaCompensated(jsonBytes: payload))
            case ("SagaCompleted", 1):
                self = .completed(try SagaCompleted(jsonBytes: payload))
            case ("SagaQuarantined", 1...2):
                self = .quarantined(try SagaQuarantined(jsonBytes: payload))
            case ("SagaResumed", 1):
                self = .resumed(try SagaResumed(jsonBytes: payload))
            case ("SagaStarted", 1...2):
                self = .started(try SagaStarted(jsonBytes: payload))
            case ("SagaStepCompleted", 1):
                self = .stepCompleted(try SagaStepCompleted(jsonBytes: payload))
            case ("SagaStepFailed", 1):
                self = .stepFailed(try SagaStepFailed(jsonBytes: payload))
            case ("SagaStepIntended", 1):
                self = .stepIntended(try SagaStepIntended(jsonBytes: payload))
            case ("SagaStepRefused", 1):
                self = .stepRefused(try SagaStepRefused(jsonBytes: payload))
            case ("SagaStepSkipped", 1):
                self = .stepSkipped(try SagaStepSkipped(jsonBytes: payload))
            case ("SagaStepUndone", 1):
                self = .stepUndone(try SagaStepUndone(jsonBytes: payload))
            default:
                throw JSONError(.invalid("is of a type or version that SagaEvent does not know"))
            }
        } catch {
            throw EventCodingError(type: type, reason: error.description)
        }
    }
}

/// The saga turned back, and everything it had begun is undone.
public struct SagaCompensated: Sendable, Hashable {
    public static let eventType: EventType = "SagaCompensated"
    public static let schemaVersion = 1

    /// Why it turned back, for people.
    public var reason: String
    /// Why it turned back, for programs.
    public var code: String

    public init(reason: String, code: String) {
        self.reason = reason
        self.code = code
    }
}

extension SagaCompensated: JSONCodable {
    public init(json: inout JSONReader) throws(JSONError) {
        var reason: String?
        var code: String?
        let object = try json.startObject()
        while let field = try json.nextKey() {
            switch field {
            case "reason": try json.read(&reason)
            case "code": try json.read(&code)
            default: try json.skipValue()
            }
        }
        self.reason = try json.require(reason, "reason", in: object)
        self.code = try json.require(code, "code", in: object)
    }

    public func write(to json: inout JSONWriter) {
        json.startObject()
        json.key("reason")
        reason.write(to: &json)
        json.key("code")
        code.write(to: &json)
        json.endObject()
    }
}

/// Every step was carried out.
public struct SagaCompleted: Sendable, Hashable {
    public static let eventType: EventType = "SagaCompleted"
    public static let schemaVersion = 1

    public init() {}
}

extension SagaCompleted: JSONCodable {
    public init(json: inout JSONReader) throws(JSONError) {
        _ = try json.startObject()
        while try json.nextKey() != nil { try json.skipValue() }
    }

    public func write(to json: inout JSONWriter) {
        json.startObject()
        json.endObject()
    }
}

/// The saga ran out of attempts and waits for an operator.
public struct SagaQuarantined: Sendable, Hashable {
    public static let eventType: EventType = "SagaQuarantined"
    public static let schemaVersion = 2

    /// The step, by its name in the saga's definition.
    public var step: String
    /// What went wrong last.
    public var error: String
    /// Whether an operator may take the step as done; missing when that is so, as before this version.
    public var canBeSkipped: Bool?

    public init(step: String, error: String, canBeSkipped: Bool? = nil) {
        self.step = step
        self.error = error
        self.canBeSkipped = canBeSkipped
    }
}

extension SagaQuarantined: JSONCodable {
    public init(json: inout JSONReader) throws(JSONError) {
        var step: String?
        var error: String?
        var canBeSkipped: Bool??
        let object = try json.startObject()
        while let field = try json.nextKey() {
            switch field {
            case "step": try json.read(&step)
            case "error": try json.read(&error)
            case "canBeSkipped": try json.readOptional(&canBeSkipped)
            default: try json.skipValue()
            }
        }
        self.step = try json.require(step, "step", in: object)
        self.error = try json.require(error, "error", in: object)
        self.canBeSkipped = canBeSkipped ?? nil
    }

    public func write(to json: inout JSONWriter) {
        json.startObject()
        json.key("step")
        step.write(to: &json)
        json.key("error")
        error.write(to: &json)
        if let canBeSkipped {
            json.key("canBeSkipped")
            canBeSkipped.write(to: &json)
        }
        json.endObject()
    }
}

/// An operator told the saga to try again.
public struct SagaResumed: Sendable, Hashable {
    public static let eventType: EventType = "SagaResumed"
    public static let schemaVersion = 1

    /// Why, in the operator's words.
    public var reason: String

    public init(reason: String) {
        self.reason = reason
    }
}

extension SagaResumed: JSONCodable {
    public init(json: inout JSONReader) throws(JSONError) {
        var reason: String?
        let object = try json.startObject()
        while let field = try json.nextKey() {
            switch field {
            case "reason": try json.read(&reason)
            default: try json.skipValue()
            }
        }
        self.reason = try json.require(reason, "reason", in: object)
    }

    public func write(to json: inout JSONWriter) {
        json.startObject()
        json.key("reason")
        reason.write(to: &json)
        json.endObject()
    }
}

/// An event started a saga.
public struct SagaStarted: Sendable, Hashable {
    public static let eventType: EventType = "SagaStarted"
    public static let schemaVersion = 2

    /// The definition's name.
    public var saga: String
    /// The definition's version, which the instance keeps.
    public var version: Int
    /// Tells the instances of one definition apart.
    public var key: String
    /// The event that started it.
    public var trigger: Trigger

    /// The event that started it.
    public struct Trigger: Sendable, Hashable {
        /// The log that the event stands in; main when it is not named.
        public var log: String?
        /// Where the event stands in its log.
        public var position: Int
        /// The event's id.
        public var eventID: String
        /// The business transaction that the saga belongs to.
        public var correlationID: String

        public init(log: String? = nil, position: Int, eventID: String, correlationID: String) {
            self.log = log
            self.position = position
            self.eventID = eventID
            self.correlationID = correlationID
        }
    }

    public init(saga: String, version: Int, key: String, trigger: Trigger) {
        self.saga = saga
        self.version = version
        self.key = key
        self.trigger = trigger
    }
}

extension SagaStarted: JSONCodable {
    public init(json: inout JSONReader) throws(JSONError) {
        var saga: String?
        var version: Int?
        var key: String?
        var trigger: Trigger?
        let object = try json.startObject()
        while let field = try json.nextKey() {
            switch field {
            case "saga": try json.read(&saga)
            case "version": try json.read(&version)
            case "key": try json.read(&key)
            case "trigger": try json.read(&trigger)
            default: try json.skipValue()
            }
        }
        self.saga = try json.require(saga, "saga", in: object)
        self.version = try json.require(version, "version", in: object)
        self.key = try json.require(key, "key", in: object)
        self.trigger = try json.require(trigger, "trigger", in: object)
    }

    public func write(to json: inout JSONWriter) {
        json.startObject()
        json.key("saga")
        saga.write(to: &json)
        json.key("version")
        version.write(to: &json)
        json.key("key")
        key.write(to: &json)
        json.key("trigger")
        trigger.write(to: &json)
        json.endObject()
    }
}

extension SagaStarted.Trigger: JSONCodable {
    public init(json: inout JSONReader) throws(JSONError) {
        var log: String??
        var position: Int?
        var eventID: String?
        var correlationID: String?
        let object = try json.startObject()
        while let field = try json.nextKey() {
            switch field {
            case "log": try json.readOptional(&log)
            case "position": try json.read(&position)
            case "eventId": try json.read(&eventID)
            case "correlationId": try json.read(&correlationID)
            default: try json.skipValue()
            }
        }
        self.log = log ?? nil
        self.position = try json.require(position, "position", in: object)
        self.eventID = try json.require(eventID, "eventId", in: object)
        self.correlationID = try json.require(correlationID, "correlationId", in: object)
    }

    public func write(to json: inout JSONWriter) {
        json.startObject()
        if let log {
            json.key("log")
            log.write(to: &json)
        }
        json.key("position")
        position.write(to: &json)
        json.key("eventId")
        eventID.write(to: &json)
        json.key("correlationId")
        correlationID.write(to: &json)
        json.endObject()
    }
}

/// A step's command was carried out.
public struct SagaStepCompleted: Sendable, Hashable {
    public static let eventType: EventType = "SagaStepCompleted"
    public static let schemaVersion = 1

    /// The step, by its name in the saga's definition.
    public var step: String

    public init(step: String) {
        self.step = step
    }
}

extension SagaStepCompleted: JSONCodable {
    public init(json: inout JSONReader) throws(JSONError) {
        var step: String?
        let object = try json.startObject()
        while let field = try json.nextKey() {
            switch field {
            case "step": try json.read(&step)
            default: try json.skipValue()
            }
        }
        self.step = try json.require(step, "step", in: object)
    }

    public func write(to json: inout JSONWriter) {
        json.startObject()
        json.key("step")
        step.write(to: &json)
        json.endObject()
    }
}

/// An attempt at a step failed, or its outcome is unknown; it will be made again.
public struct SagaStepFailed: Sendable, Hashable {
    public static let eventType: EventType = "SagaStepFailed"
    public static let schemaVersion = 1

    /// The step, by its name in the saga's definition.
    public var step: String
    /// Which attempt this was, from 1.
    public var attempt: Int
    /// What went wrong.
    public var error: String
    /// When it is tried again.
    public var retryAt: String

    public init(step: String, attempt: Int, error: String, retryAt: String) {
        self.step = step
        self.attempt = attempt
        self.error = error
        self.retryAt = retryAt
    }
}

extension SagaStepFailed: JSONCodable {
    public init(json: inout JSONReader) throws(JSONError) {
        var step: String?
        var attempt: Int?
        var error: String?
        var retryAt: String?
        let object = try json.startObject()
        while let field = try json.nextKey() {
            switch field {
            case "step": try json.read(&step)
            case "attempt": try json.read(&attempt)
            case "error": try json.read(&error)
            case "retryAt": try json.read(&retryAt)
            default: try json.skipValue()
            }
        }
        self.step = try json.require(step, "step", in: object)
        self.attempt = try json.require(attempt, "attempt", in: object)
        self.error = try json.require(error, "error", in: object)
        self.retryAt = try json.require(retryAt, "retryAt", in: object)
    }

    public func write(to json: inout JSONWriter) {
        json.startObject()
        json.key("step")
        step.write(to: &json)
        json.key("attempt")
        attempt.write(to: &json)
        json.key("error")
        error.write(to: &json)
        json.key("retryAt")
        retryAt.write(to: &json)
        json.endObject()
    }
}

/// A step's command is about to be sent. From now on its compensation covers it.
public struct SagaStepIntended: Sendable, Hashable {
    public static let eventType: EventType = "SagaStepIntended"
    public static let schemaVersion = 1

    /// The step, by its name in the saga's definition.
    public var step: String
    /// Which round of attempts this is; commands of one epoch are the same command.
    public var epoch: Int

    public init(step: String, epoch: Int) {
        self.step = step
        self.epoch = epoch
    }
}

extension SagaStepIntended: JSONCodable {
    public init(json: inout JSONReader) throws(JSONError) {
        var step: String?
        var epoch: Int?
        let object = try json.startObject()
        while let field = try json.nextKey() {
            switch field {
            case "step": try json.read(&step)
            case "epoch": try json.read(&epoch)
            default: try json.skipValue()
            }
        }
        self.step = try json.require(step, "step", in: object)
        self.epoch = try json.require(epoch, "epoch", in: object)
    }

    public func write(to json: inout JSONWriter) {
        json.startObject()
        json.key("step")
        step.write(to: &json)
        json.key("epoch")
        epoch.write(to: &json)
        json.endObject()
    }
}

/// A step's command was refused for a business reason, and the saga turns back.
public struct SagaStepRefused: Sendable, Hashable {
    public static let eventType: EventType = "SagaStepRefused"
    public static let schemaVersion = 1

    /// The step, by its name in the saga's definition.
    public var step: String
    /// Why, for people.
    public var reason: String
    /// Why, for programs.
    public var code: String

    public init(step: String, reason: String, code: String) {
        self.step = step
        self.reason = reason
        self.code = code
    }
}

extension SagaStepRefused: JSONCodable {
    public init(json: inout JSONReader) throws(JSONError) {
        var step: String?
        var reason: String?
        var code: String?
        let object = try json.startObject()
        while let field = try json.nextKey() {
            switch field {
            case "step": try json.read(&step)
            case "reason": try json.read(&reason)
            case "code": try json.read(&code)
            default: try json.skipValue()
            }
        }
        self.step = try json.require(step, "step", in: object)
        self.reason = try json.require(reason, "reason", in: object)
        self.code = try json.require(code, "code", in: object)
    }

    public func write(to json: inout JSONWriter) {
        json.startObject()
        json.key("step")
        step.write(to: &json)
        json.key("reason")
        reason.write(to: &json)
        json.key("code")
        code.write(to: &json)
        json.endObject()
    }
}

/// An operator told the saga to take a step as done.
public struct SagaStepSkipped: Sendable, Hashable {
    public static let eventType: EventType = "SagaStepSkipped"
    public static let schemaVersion = 1

    /// The step, by its name in the saga's definition.
    public var step: String
    /// Why, in the operator's words.
    public var reason: String

    public init(step: String, reason: String) {
        self.step = step
        self.reason = reason
    }
}

extension SagaStepSkipped: JSONCodable {
    public init(json: inout JSONReader) throws(JSONError) {
        var step: String?
        var reason: String?
        let object = try json.startObject()
        while let field = try json.nextKey() {
            switch field {
            case "step": try json.read(&step)
            case "reason": try json.read(&reason)
            default: try json.skipValue()
            }
        }
        self.step = try json.require(step, "step", in: object)
        self.reason = try json.require(reason, "reason", in: object)
    }

    public func write(to json: inout JSONWriter) {
        json.startObject()
        json.key("step")
        step.write(to: &json)
        json.key("reason")
        reason.write(to: &json)
        json.endObject()
    }
}

/// A step's compensation was carried out.
public struct SagaStepUndone: Sendable, Hashable {
    public static let eventType: EventType = "SagaStepUndone"
    public static let schemaVersion = 1

    /// The step, by its name in the saga's definition.
    public var step: String

    public init(step: String) {
        self.step = step
    }
}

extension SagaStepUndone: JSONCodable {
    public init(json: inout JSONReader) throws(JSONError) {
        var step: String?
        let object = try json.startObject()
        while let field = try json.nextKey() {
            switch field {
            case "step": try json.read(&step)
            default: try json.skipValue()
            }
        }
        self.step = try json.require(step, "step", in: object)
    }

    public func write(to json: inout JSONWriter) {
        json.startObject()
        json.key("step")
        step.write(to: &json)
        json.endObject()
    }
}
