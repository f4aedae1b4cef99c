-- Who does which share of the work, and until when. A lease saves double work; it is no fence.
CREATE TABLE strata.leases (
    name text PRIMARY KEY,
    owner uuid NOT NULL,
    expires_at timestamptz NOT NULL
) WITH (fillfactor = 50);
