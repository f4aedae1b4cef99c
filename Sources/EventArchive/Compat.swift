internal import EventSourcing

extension RecordedEvent { var storedTags: String { "" } }
