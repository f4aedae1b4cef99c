-- One business transaction, for the audit trail. Correlation ids are made in time order, so that new entries go to the
-- index's end.
CREATE INDEX events_by_correlation ON strata.events (log, correlation_id);
