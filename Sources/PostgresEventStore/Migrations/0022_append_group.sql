-- Moves a log's head and adds a group of events behind it: one round trip, and one flush to disk. Returns the head as it
-- was before. Fails with SA003, and changes nothing, when the log is not as the caller assumed.
--
-- READ COMMITTED looks anew with each statement of a function, so whatever follows the first one sees all that was
-- committed before the lock was given. Whoever had to wait for the lock starts there with nothing else to do again: in
-- one statement PostgreSQL would prepare all of it a second time while it holds the lock.
CREATE FUNCTION strata.append_group(
    of_log integer, assumed_kept_from bigint, added strata.new_event[],
    assumed_streams text[], assumed_revisions bigint[],
    tag_distances bigint[], tag_names text[], tag_types text[], channel text
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    added_count CONSTANT bigint := cardinality(added);
    old_head bigint;
    locked_at timestamptz;
BEGIN
    UPDATE strata.logs SET head = head + added_count
    WHERE id = of_log AND kept_from = assumed_kept_from
    RETURNING head - added_count, clock_timestamp() INTO old_head, locked_at;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'events have left the log since it was last looked at' USING ERRCODE = 'SA003';
    END IF;
    IF assumed_streams IS NOT NULL THEN
        PERFORM FROM unnest(assumed_streams, assumed_revisions) AS assumed (stream, revision)
        WHERE assumed.revision <> COALESCE((
            SELECT event.revision FROM strata.events AS event
            WHERE event.log = of_log AND event.stream = assumed.stream ORDER BY event.revision DESC LIMIT 1
        ), -1);
        IF FOUND THEN
            RAISE EXCEPTION 'a stream does not end where it was assumed to' USING ERRCODE = 'SA003';
        END IF;
    END IF;
    INSERT INTO strata.events (
        log, position, recorded_at, schema_version, content_type, event_id, correlation_id, causation_id, stream, type,
        tags, metadata, payload, revision
    )
    SELECT of_log, old_head + event.number, locked_at, event.schema_version, event.content_type, event.event_id,
        event.correlation_id, event.causation_id, event.stream, event.type, event.tags, event.metadata, event.payload,
        event.revision
    FROM unnest(added) WITH ORDINALITY AS event (
        schema_version, content_type, event_id, correlation_id, causation_id, stream, type, tags, metadata, payload,
        revision, number
    );
    IF tag_names IS NOT NULL THEN
        INSERT INTO strata.event_tags (log, position, tag, type)
        SELECT of_log, old_head + tagged.distance, tagged.tag, tagged.type
        FROM unnest(tag_distances, tag_names, tag_types) AS tagged (distance, tag, type);
    END IF;
    IF channel IS NOT NULL THEN
        PERFORM pg_notify(channel, (old_head + added_count)::text);
    END IF;
    RETURN old_head;
END
$$;

GRANT EXECUTE ON FUNCTION strata.append_group TO strata_application;
