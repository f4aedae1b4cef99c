-- How streams are routed to logs, as 'strata migrate' was last told. Processes that were told otherwise do not start: where
-- a stream lies must not depend on who is asked. There is one row, or none where everything lies in the log 'main'.
CREATE TABLE strata.routing (
    id integer PRIMARY KEY CHECK (id = 1),
    rules text NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now()
);

GRANT SELECT ON strata.routing TO strata_application;
