-- Events before this position may have left the database for segments. It is moved under the lock of the head, before
-- anything is removed, and compared by whoever moves the head: what a writer knows of streams from before does not bind
-- any more once they may have been thinned out.
ALTER TABLE strata.logs ADD COLUMN kept_from bigint NOT NULL DEFAULT 1 CHECK (kept_from > 0);
