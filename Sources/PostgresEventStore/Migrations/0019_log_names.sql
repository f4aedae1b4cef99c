-- Every key of a log's tables begins with the log's id, so that they can be distributed by it: a key on names alone cannot
-- be kept by a database that spreads over machines. Logs are made by 'strata migrate' alone, which takes turns with itself
-- and makes each name once.
ALTER TABLE strata.logs DROP CONSTRAINT logs_name_key;
