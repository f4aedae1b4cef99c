-- What Strata works as: it may add to the log and not change it. The role is shared by all databases of a server.
DO $$
BEGIN
    CREATE ROLE strata_application NOLOGIN;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
END
$$;

DO $$
BEGIN
    EXECUTE format('GRANT strata_application TO %I', current_user);
    EXECUTE format('GRANT CREATE ON DATABASE %I TO strata_application', current_database());
END
$$;

GRANT USAGE ON SCHEMA strata TO strata_application;
GRANT SELECT ON ALL TABLES IN SCHEMA strata TO strata_application;
GRANT INSERT ON strata.events TO strata_application;
GRANT UPDATE (head) ON strata.logs TO strata_application;
GRANT INSERT, UPDATE, DELETE ON strata.snapshots, strata.checkpoints, strata.leases TO strata_application;
ALTER SCHEMA read_models OWNER TO strata_application;
