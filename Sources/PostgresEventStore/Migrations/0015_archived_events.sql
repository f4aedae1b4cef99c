-- Events of ranges that were sealed may leave the database. From `kept_from` on every event is here; before it only some
-- are, among them the last one of each stream, from which the stream's revision is known.
DO $$
BEGIN
    CREATE ROLE strata_archive NOLOGIN;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
END
$$;

DO $$
BEGIN
    EXECUTE format('GRANT strata_archive TO %I', current_user);
END
$$;

GRANT USAGE ON SCHEMA strata TO strata_archive;
GRANT SELECT ON ALL TABLES IN SCHEMA strata TO strata_archive;
GRANT INSERT, DELETE ON strata.events TO strata_archive;

-- Lets nobody delete an event that is not in a segment, nor the last one of its stream.
CREATE FUNCTION strata.let_archived_events_go() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The row of a log is asked for once: appends leave many dead versions of it behind.
    IF EXISTS (
        SELECT FROM (SELECT log, max(position) AS last FROM gone GROUP BY log) AS range
        WHERE range.last >= COALESCE((SELECT logs.kept_from FROM strata.logs WHERE logs.id = range.log), 0)
    ) OR EXISTS (
        SELECT FROM gone
        WHERE gone.revision >= COALESCE((
            SELECT later.revision FROM strata.events AS later
            WHERE later.log = gone.log AND later.stream = gone.stream ORDER BY later.revision DESC LIMIT 1
        ), 0)
    ) THEN
        RAISE EXCEPTION 'events cannot be changed or deleted'
            USING ERRCODE = 'insufficient_privilege', HINT = 'Append an event that says what changed.';
    END IF;
    RETURN NULL;
END
$$;

DROP TRIGGER events_are_for_ever ON strata.events;
CREATE TRIGGER events_are_for_ever BEFORE UPDATE OR TRUNCATE ON strata.events
    FOR EACH STATEMENT EXECUTE FUNCTION strata.refuse_change_of_history();
CREATE TRIGGER archived_events_may_go AFTER DELETE ON strata.events REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION strata.let_archived_events_go();

-- From now on a range is read from its segment. It is the oldest that is still here, and the caller has checked its file.
CREATE FUNCTION strata.begin_drop(of_log integer, of_number bigint, with_digest bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    kept bigint;
    sealed strata.segments;
BEGIN
    SELECT kept_from INTO kept FROM strata.logs WHERE id = of_log FOR UPDATE;
    SELECT * INTO sealed FROM strata.segments WHERE log = of_log AND number = of_number AND digest = with_digest;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'segment % is not sealed with this digest', of_number USING ERRCODE = 'SA002';
    END IF;
    IF sealed.last_position < kept THEN
        RETURN;
    END IF;
    IF sealed.first_position <> kept THEN
        RAISE EXCEPTION 'the events before segment % have to be dropped first', of_number USING ERRCODE = 'SA002';
    END IF;
    UPDATE strata.logs SET kept_from = sealed.last_position + 1 WHERE id = of_log;
END
$$;

-- From now on a range is read from the database again. It is the newest that had left, and the caller has put it back.
CREATE FUNCTION strata.end_restore(of_log integer, of_number bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    kept bigint;
    here bigint;
    sealed strata.segments;
BEGIN
    SELECT kept_from INTO kept FROM strata.logs WHERE id = of_log FOR UPDATE;
    SELECT * INTO sealed FROM strata.segments WHERE log = of_log AND number = of_number;
    IF NOT FOUND OR sealed.last_position + 1 <> kept THEN
        RAISE EXCEPTION 'segment % is not the newest that has left the database', of_number USING ERRCODE = 'SA002';
    END IF;
    SELECT count(*) INTO here FROM strata.events
    WHERE log = of_log AND position BETWEEN sealed.first_position AND sealed.last_position;
    IF here <> sealed.last_position - sealed.first_position + 1 THEN
        RAISE EXCEPTION 'segment % is not whole: % events are here', of_number, here USING ERRCODE = 'SA002';
    END IF;
    UPDATE strata.logs SET kept_from = sealed.first_position WHERE id = of_log;
END
$$;

-- Stops a statement that asks for positions that have left the database: they must not be taken for ones that do not
-- exist. A part of the statement, so that it sees the log as the statement does.
CREATE FUNCTION strata.require_kept(of_log integer, first_position bigint) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF first_position < (SELECT kept_from FROM strata.logs WHERE id = of_log) THEN
        RAISE EXCEPTION 'positions from % on have left the database for segments', first_position
            USING ERRCODE = 'SA001';
    END IF;
    RETURN true;
END
$$;

REVOKE EXECUTE ON FUNCTION strata.begin_drop, strata.end_restore FROM PUBLIC;
GRANT EXECUTE ON FUNCTION strata.begin_drop, strata.end_restore TO strata_archive;
