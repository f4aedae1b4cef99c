-- The newest state of long streams: a shortcut, which may be deleted at any time.
CREATE TABLE strata.snapshots (
    log integer NOT NULL,
    stream text COLLATE "C" NOT NULL,
    name text NOT NULL,
    version integer NOT NULL,
    revision bigint NOT NULL,
    state bytea NOT NULL,
    PRIMARY KEY (log, stream)
);
