-- For people with psql: JSON payloads as jsonb.
CREATE VIEW strata.readable_events AS
SELECT
    logs.name AS log,
    events.position,
    events.stream,
    events.revision,
    events.type,
    events.schema_version,
    events.recorded_at,
    convert_from(events.metadata, 'UTF8')::jsonb AS metadata,
    CASE events.content_type WHEN 0 THEN convert_from(events.payload, 'UTF8')::jsonb END AS payload,
    events.event_id,
    events.correlation_id,
    events.causation_id
FROM strata.events
JOIN strata.logs ON logs.id = events.log;
