-- Privileges keep the application from changing history; this keeps everybody else from doing so by accident.
CREATE FUNCTION strata.refuse_change_of_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events cannot be changed or deleted'
        USING ERRCODE = 'insufficient_privilege', HINT = 'Append an event that says what changed.';
END
$$;

CREATE TRIGGER events_are_for_ever BEFORE UPDATE OR DELETE OR TRUNCATE ON strata.events
    FOR EACH STATEMENT EXECUTE FUNCTION strata.refuse_change_of_history();
