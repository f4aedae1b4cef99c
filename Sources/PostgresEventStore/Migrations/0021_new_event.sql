-- An event on its way into the log: an append sends an array of them, which one call of unnest takes apart.
CREATE TYPE strata.new_event AS (
    schema_version smallint,
    content_type smallint,
    event_id uuid,
    correlation_id uuid,
    causation_id uuid,
    stream text,
    type text,
    tags text,
    metadata bytea,
    payload bytea,
    revision bigint
);
