-- Every event, once, for ever. All that a reader needs is in the row. Columns stand in the order that packs best.
CREATE TABLE strata.events (
    log integer NOT NULL,
    schema_version smallint NOT NULL CHECK (schema_version > 0),
    content_type smallint NOT NULL,
    position bigint NOT NULL CHECK (position > 0),
    revision bigint NOT NULL CHECK (revision >= 0),
    recorded_at timestamptz NOT NULL,
    event_id uuid NOT NULL,
    correlation_id uuid NOT NULL,
    causation_id uuid,
    stream text COLLATE "C" NOT NULL,
    type text COLLATE "C" NOT NULL,
    metadata bytea NOT NULL,
    payload bytea NOT NULL,
    PRIMARY KEY (log, position)
) WITH (autovacuum_vacuum_insert_threshold = 1000000, autovacuum_vacuum_insert_scale_factor = 0.05);
