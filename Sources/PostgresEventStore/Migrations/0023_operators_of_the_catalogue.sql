-- A function without a search path of its own takes its operators from its caller's: who may make a schema, and an operator
-- `>=` in it, could say which events may go.
ALTER FUNCTION strata.let_archived_events_go() SET search_path = pg_catalog, pg_temp;

-- As before. Its operators are named in full, and it has no search path of its own, because each page of a log would pay
-- for setting one.
CREATE OR REPLACE FUNCTION strata.require_kept(of_log integer, first_position bigint) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF first_position OPERATOR(pg_catalog.<) (
        SELECT logs.kept_from FROM strata.logs WHERE logs.id OPERATOR(pg_catalog.=) of_log
    ) THEN
        RAISE EXCEPTION 'positions from % on have left the database for segments', first_position
            USING ERRCODE = 'SA001';
    END IF;
    RETURN true;
END
$$;
