-- Answers "what is the revision of this stream?" by a backward scan and "was this event recorded?" without the table,
-- and is the last line of defence against two events with one revision.
CREATE UNIQUE INDEX events_by_stream ON strata.events (log, stream, revision) INCLUDE (event_id);
