-- For people with psql, as before, and with tags. `json` and not `jsonb`, which cannot hold the character U+0000: one
-- such payload would make every query of the view fail. Cast where an operator of jsonb is needed.
DROP VIEW strata.readable_events;

CREATE VIEW strata.readable_events AS
SELECT
    logs.name AS log,
    events.position,
    events.stream,
    events.revision,
    events.type,
    events.schema_version,
    events.recorded_at,
    string_to_array(events.tags, E'\n') AS tags,
    convert_from(events.metadata, 'UTF8')::json AS metadata,
    CASE events.content_type WHEN 0 THEN convert_from(events.payload, 'UTF8')::json END AS payload,
    events.event_id,
    events.correlation_id,
    events.causation_id
FROM strata.events
JOIN strata.logs ON logs.id = events.log;

GRANT SELECT ON strata.readable_events TO strata_application;
