-- What events are about, besides their streams: sorted tags, one to a line; null when there are none. Readers get them
-- with the row.
ALTER TABLE strata.events ADD COLUMN tags text COLLATE "C";

-- The same tags to look events up by, for conditions of appends and for queries. Only events that carry tags have rows
-- here, so the others pay nothing.
CREATE TABLE strata.event_tags (
    log integer NOT NULL,
    position bigint NOT NULL,
    tag text COLLATE "C" NOT NULL,
    type text COLLATE "C" NOT NULL,
    PRIMARY KEY (log, tag, position) INCLUDE (type)
) WITH (autovacuum_vacuum_insert_threshold = 1000000, autovacuum_vacuum_insert_scale_factor = 0.05);

CREATE TRIGGER event_tags_are_for_ever BEFORE UPDATE OR DELETE OR TRUNCATE ON strata.event_tags
    FOR EACH STATEMENT EXECUTE FUNCTION strata.refuse_change_of_history();

GRANT SELECT, INSERT ON strata.event_tags TO strata_application;
