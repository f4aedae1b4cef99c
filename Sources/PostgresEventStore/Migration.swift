/// One numbered step from one schema to the next.
struct Migration: Sendable, Hashable {
    let number: Int
    let name: String
    let sql: String

    /// All steps that this program knows, in order.
    static let all: [Migration] = files.map { file, bytes in
        let parts = file.split(separator: "_", maxSplits: 1)
        guard parts.count == 2, let number = Int(parts[0]) else { preconditionFailure("\(file) is not numbered") }
        return Migration(number: number, name: String(parts[1]), sql: String(decoding: bytes, as: UTF8.self))
    }

    private static let files: [(String, [UInt8])] = [
        ("0001_logs", PackageResources._001_logs_sql),
        ("0002_events", PackageResources._002_events_sql),
        ("0003_events_by_stream", PackageResources._003_events_by_stream_sql),
        ("0004_events_by_correlation", PackageResources._004_events_by_correlation_sql),
        ("0005_events_are_for_ever", PackageResources._005_events_are_for_ever_sql),
        ("0006_readable_events", PackageResources._006_readable_events_sql),
        ("0007_snapshots", PackageResources._007_snapshots_sql),
        ("0008_checkpoints", PackageResources._008_checkpoints_sql),
        ("0009_leases", PackageResources._009_leases_sql),
        ("0010_read_models", PackageResources._010_read_models_sql),
        ("0011_application_role", PackageResources._011_application_role_sql),
        ("0012_event_tags", PackageResources._012_event_tags_sql),
        ("0013_kept_from", PackageResources._013_kept_from_sql),
        ("0014_segments", PackageResources._014_segments_sql),
        ("0015_archived_events", PackageResources._015_archived_events_sql),
        ("0017_checkpoints_by_log", PackageResources._017_checkpoints_by_log_sql),
        ("0018_routing", PackageResources._018_routing_sql),
        ("0019_log_names", PackageResources._019_log_names_sql),
        ("0020_readable_events_as_json", PackageResources._020_readable_events_as_json_sql),
        ("0021_new_event", PackageResources._021_new_event_sql),
        ("0022_events_by_correlation_in_order", PackageResources._022_events_by_correlation_in_order_sql),
        ("0023_operators_of_the_catalogue", PackageResources._023_operators_of_the_catalogue_sql),
    ]
}
