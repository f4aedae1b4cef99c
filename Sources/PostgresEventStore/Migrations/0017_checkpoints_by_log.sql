-- A reader of several logs has a checkpoint in each. Logs go by their names here, because a reader's checkpoints lie beside
-- its tables, and the logs may lie in other databases, where ids are given anew.
ALTER TABLE strata.checkpoints ADD COLUMN log text COLLATE "C" NOT NULL DEFAULT 'main';
ALTER TABLE strata.checkpoints DROP CONSTRAINT checkpoints_pkey, ADD PRIMARY KEY (reader, log);
