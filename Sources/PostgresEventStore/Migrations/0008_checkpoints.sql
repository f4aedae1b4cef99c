-- The position that each reader has finished with; written in the transaction that writes what the reader made of it.
CREATE TABLE strata.checkpoints (
    reader text PRIMARY KEY,
    version integer NOT NULL,
    position bigint NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);
