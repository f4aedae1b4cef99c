-- A transaction may have any number of events, since clients choose its id: its pages are read in order, and not sorted.
-- Writers lock a row of this table first, and then look at events: they wait here, and not where this waits for them.
LOCK TABLE strata.logs IN EXCLUSIVE MODE;
CREATE INDEX events_by_correlation_in_order ON strata.events (log, correlation_id, position);
DROP INDEX strata.events_by_correlation;
ALTER INDEX strata.events_by_correlation_in_order RENAME TO events_by_correlation;
