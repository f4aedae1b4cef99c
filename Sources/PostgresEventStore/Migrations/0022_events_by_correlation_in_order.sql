-- A transaction may have any number of events, since clients choose its id: its pages are read in order, and not sorted.
CREATE INDEX events_by_correlation_in_order ON strata.events (log, correlation_id, position);
DROP INDEX strata.events_by_correlation;
ALTER INDEX strata.events_by_correlation_in_order RENAME TO events_by_correlation;
