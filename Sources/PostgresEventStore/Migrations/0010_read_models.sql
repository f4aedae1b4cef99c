-- Where projections keep their tables. A rebuild fills a schema of its own and then takes this one's place.
CREATE SCHEMA read_models;
