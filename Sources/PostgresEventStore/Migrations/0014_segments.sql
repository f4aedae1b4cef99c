-- The ranges of a log that were sealed into segment files: without gaps, from the first position on. A segment's digest
-- tells its file from any other.
CREATE TABLE strata.segments (
    log integer NOT NULL,
    number bigint NOT NULL CHECK (number >= 0),
    first_position bigint NOT NULL CHECK (first_position > 0),
    last_position bigint NOT NULL CHECK (last_position >= first_position),
    byte_count bigint NOT NULL,
    digest bytea NOT NULL CHECK (length(digest) = 32),
    sealed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (log, number)
);

GRANT SELECT, INSERT ON strata.segments TO strata_application;
