-- A log is the unit of order, proof, archive and scale. Its head is the position of its newest event; whoever appends
-- holds this row's lock from the moment it numbers its events until it commits.
CREATE TABLE strata.logs (
    id integer PRIMARY KEY,
    name text NOT NULL UNIQUE,
    head bigint NOT NULL DEFAULT 0 CHECK (head >= 0)
) WITH (fillfactor = 10, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0);

INSERT INTO strata.logs (id, name) VALUES (1, 'main');
