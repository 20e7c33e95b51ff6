/** The 34 provinces of July 2025. What has another code stands in the partition for the rest. */
const PROVINCES =
  '01 04 08 11 12 14 15 19 20 22 24 25 31 33 37 38 40 42 44 46 48 51 52 56 66 68 75 79 80 82 86 91 92 96'.split(
    ' ',
  )

/** A table a province, and one for the rest. */
const partitions = (table: string) =>
  [
    ...PROVINCES.map(
      (code) => `CREATE TABLE ${table}_${code} PARTITION OF ${table} FOR VALUES IN (${Number(code)});`,
    ),
    `CREATE TABLE ${table}_rest PARTITION OF ${table} DEFAULT;`,
  ].join('\n')

const COUNTERS = [
  'households',
  'coded',
  'visit',
  'review',
  'verified',
  'sampled',
  'checked',
  'wrong',
  'findings',
]
  .map((name) => `${name} bigint NOT NULL DEFAULT 0`)
  .join(', ')

/** The squares of points and their provinces: `headOfPoint` of heads.ts. Part of a released step: never edited. */
export const SQUARES = `
  SELECT 1000000 + floor((lat + 90) * 10)::integer * 3600 + floor((lon + 180) * 10)::integer AS head, province
  FROM households WHERE lat IS NOT NULL`

/**
 * The schema, one step a version (`schema` in meta). Steps are never edited once released. Every table that grows with the
 * households has the province in each of its keys, so that Citus can distribute it unchanged; `directory` and `external_ids`
 * keep n and the numbers of others unique over all provinces. The province stands last in the keys of partitioned tables: an
 * index that began with it would look to the planner like a way to read a whole partition. Codes are integers, lists of choices are positions (see
 * shared/codec.ts), times are milliseconds since 1970.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE EXTENSION IF NOT EXISTS postgis;

  -- Words that many rows share: lists, schemes, actors, versions. Words are added, never changed.
  CREATE TABLE names (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL UNIQUE);

  -- n of households: given by reserve_households, never again.
  CREATE SEQUENCE household_n;
  -- The first of so many consecutive n. The lock is not that of the transaction: nobody waits for its end.
  CREATE FUNCTION reserve_households(count bigint) RETURNS bigint LANGUAGE plpgsql AS $$
  DECLARE
    first bigint;
  BEGIN
    PERFORM pg_advisory_lock(8452, 1);
    first := nextval('household_n');
    PERFORM setval('household_n', first + count - 1);
    PERFORM pg_advisory_unlock(8452, 1);
    RETURN first;
  END $$;
  -- An n that was not reserved here came from elsewhere (a copy of another store): those up to it are never given.
  CREATE FUNCTION pass_household(n bigint) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM pg_advisory_lock(8452, 1);
    PERFORM setval('household_n', n) FROM household_n WHERE last_value < n OR NOT is_called;
    PERFORM pg_advisory_unlock(8452, 1);
  END $$;

  -- Where a household is, and the provinces where it was before. A writer locks these rows, not those of households.
  CREATE TABLE directory (n bigint PRIMARY KEY, province smallint NOT NULL, earlier smallint[]);

  -- Numbers with which keys, codes and communes begin, and the provinces where households have them.
  CREATE TABLE heads (head integer, province smallint, PRIMARY KEY (head, province));

  CREATE TABLE households (
    n bigint NOT NULL,
    status smallint NOT NULL,
    of_n bigint,
    key bytea NOT NULL,
    key_version smallint NOT NULL,
    text text NOT NULL,
    -- json keeps the text as it was written; jsonb would order it anew.
    parts json NOT NULL,
    province smallint NOT NULL,
    commune integer NOT NULL,
    former integer,
    postcode integer NOT NULL,
    lat double precision, lon double precision, source smallint, accuracy double precision,
    access_lat double precision, access_lon double precision,
    code bigint,
    grade smallint NOT NULL,
    confidence smallint NOT NULL,
    review json,
    engine integer NOT NULL,
    data integer NOT NULL,
    created_at bigint NOT NULL,
    -- NULL while it is the first version.
    updated_at bigint,
    successors json,
    cleared json,
    line bigint,
    -- What is historical (3) is not found by place.
    geom geometry(Point, 4326) GENERATED ALWAYS AS (
      CASE WHEN status <> 3 THEN ST_SetSRID(ST_MakePoint(lon, lat), 4326) END) STORED,
    PRIMARY KEY (n, province)
  ) PARTITION BY LIST (province);
  ${partitions('households')}
  CREATE INDEX households_key ON households (key, n);
  CREATE INDEX households_code ON households (code, n) WHERE code IS NOT NULL;
  CREATE INDEX households_geom ON households USING gist (geom) WHERE geom IS NOT NULL;
  CREATE INDEX households_line ON households (commune, line, n) WHERE line IS NOT NULL;
  CREATE INDEX households_of ON households (of_n) WHERE of_n IS NOT NULL;
  CREATE INDEX households_review ON households (commune, n) WHERE review IS NOT NULL;

  -- Numbers that others gave.
  CREATE TABLE external_ids (
    scheme integer NOT NULL, value text COLLATE "C" NOT NULL, n bigint NOT NULL,
    PRIMARY KEY (scheme, value)
  );
  CREATE INDEX external_ids_n ON external_ids (n);

  -- Rows whose text alone does not lead back to their household.
  CREATE TABLE list_rows (
    province smallint NOT NULL, n bigint NOT NULL, list integer NOT NULL, row integer NOT NULL,
    PRIMARY KEY (n, list, row, province)
  ) PARTITION BY LIST (province);
  ${partitions('list_rows')}
  CREATE INDEX list_rows_row ON list_rows (list, row);

  -- Codes that a household no longer has.
  CREATE TABLE aliases (
    province smallint NOT NULL, code bigint NOT NULL, until_at bigint NOT NULL, n bigint NOT NULL, from_at bigint NOT NULL,
    PRIMARY KEY (code, until_at, n, province)
  ) PARTITION BY LIST (province);
  ${partitions('aliases')}
  CREATE INDEX aliases_n ON aliases (n);

  -- The number of the last event of a province: its row is locked until the transaction that takes the next ones ends.
  CREATE TABLE event_numbers (province smallint PRIMARY KEY, number bigint NOT NULL);
  -- What happened, for good. 'arrives': the household came from another province.
  CREATE TABLE events (
    province smallint NOT NULL, number bigint NOT NULL, n bigint NOT NULL, kind smallint NOT NULL, at bigint NOT NULL,
    actor integer NOT NULL, job bigint, body json, arrives boolean NOT NULL,
    PRIMARY KEY (number, province)
  ) PARTITION BY LIST (province);
  ${partitions('events')}
  CREATE INDEX events_n ON events (n);
  CREATE INDEX events_arrivals ON events (number) WHERE arrives;

  -- What households said before a person gave them another address or point.
  CREATE TABLE stands (
    province smallint NOT NULL, key bytea NOT NULL, n bigint NOT NULL, until_at bigint NOT NULL,
    lat double precision, lon double precision
  );
  CREATE INDEX stands_key ON stands (key, n, until_at);
  CREATE INDEX stands_n ON stands (n);

  -- Households by commune (-1: the province) and day: what a day changed; and the sums over all days.
  CREATE TABLE coverage (
    province smallint, commune integer, day integer, ${COUNTERS}, PRIMARY KEY (province, commune, day));
  CREATE TABLE coverage_totals (province smallint, commune integer, ${COUNTERS}, PRIMARY KEY (province, commune));
  -- Households expected.
  CREATE TABLE targets (commune integer PRIMARY KEY, households bigint NOT NULL);

  -- What looking through the registry has found, by the place that was looked through; other = 0: there is none.
  CREATE TABLE doubts (
    province smallint NOT NULL, commune integer NOT NULL, n bigint NOT NULL, other bigint NOT NULL, kind smallint NOT NULL,
    score integer NOT NULL, reason text NOT NULL, metres double precision, found_at bigint NOT NULL,
    PRIMARY KEY (province, n, other, kind)
  );
  CREATE INDEX doubts_n ON doubts (n);
  CREATE INDEX doubts_place ON doubts (province, commune, score);
  CREATE INDEX doubts_other ON doubts (other);

  -- The blind check of a sample: rounds, what was drawn, and results.
  CREATE TABLE sample_rounds (
    round integer PRIMARY KEY, seed text NOT NULL, share double precision NOT NULL, least integer NOT NULL,
    at bigint NOT NULL, actor text NOT NULL
  );
  CREATE TABLE sample_communes (
    province smallint, commune integer, round integer,
    population integer NOT NULL, drawn integer NOT NULL, at bigint NOT NULL,
    PRIMARY KEY (province, commune, round)
  );
  CREATE TABLE sample_households (
    province smallint, commune integer, round integer, n bigint, state smallint NOT NULL DEFAULT 0,
    PRIMARY KEY (province, commune, round, n)
  );
  CREATE INDEX sample_households_n ON sample_households (n, round);
  CREATE TABLE checks (
    province smallint NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY, n bigint NOT NULL, round integer NOT NULL, at bigint NOT NULL,
    actor text NOT NULL, verdict smallint NOT NULL, metres double precision, found json, undone_at bigint, undone_by text,
    PRIMARY KEY (province, id)
  );
  CREATE INDEX checks_n ON checks (n);

  -- What was seen at doors: of each who saw a household the last.
  CREATE TABLE observations (
    province smallint, n bigint, actor text COLLATE "C", at bigint NOT NULL, found smallint NOT NULL,
    lat double precision, lon double precision, accuracy double precision,
    PRIMARY KEY (province, n, actor)
  );
  CREATE INDEX observations_n ON observations (n);

  -- Households that persons have placed, by former commune, street and commune of today; and as a job found them.
  CREATE TABLE decided_streets (
    province smallint, former integer, street text COLLATE "C", commune integer, households bigint NOT NULL,
    PRIMARY KEY (province, former, street, commune)
  );
  CREATE TABLE job_streets (job bigint PRIMARY KEY, streets json NOT NULL);

  -- Postcodes before today's, with the commune of today that the place lies in.
  CREATE TABLE old_postcodes (
    postcode integer, commune integer, until_on text COLLATE "C" DEFAULT '', from_on text, source text NOT NULL,
    PRIMARY KEY (postcode, commune, until_on)
  );
  -- How carriers name units: entries are a JSON list of [era, code, id, name].
  CREATE TABLE crosswalks (scheme text COLLATE "C" PRIMARY KEY, as_of text, loaded_at bigint NOT NULL, entries json NOT NULL);

  CREATE TABLE jobs (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL, owner text NOT NULL, fingerprint text NOT NULL, input text NOT NULL, output text NOT NULL,
    list text NOT NULL, options json NOT NULL, engine_version text NOT NULL, data_version text NOT NULL,
    state text NOT NULL, requested text, error text,
    chunks integer NOT NULL DEFAULT 0, rows_done bigint NOT NULL DEFAULT 0, done bigint NOT NULL DEFAULT 0,
    total bigint NOT NULL DEFAULT 0, out_bytes bigint NOT NULL DEFAULT 0, counts json NOT NULL DEFAULT '{}',
    started_at bigint NOT NULL, taken_at bigint NOT NULL DEFAULT 0, taken_rows bigint NOT NULL DEFAULT 0,
    finished_at bigint, dropped boolean NOT NULL DEFAULT false,
    token text NOT NULL DEFAULT '', pid integer NOT NULL DEFAULT 0, host text NOT NULL DEFAULT '',
    process_started bigint NOT NULL DEFAULT 0, heartbeat bigint NOT NULL DEFAULT 0
  );
  CREATE INDEX jobs_fingerprint ON jobs (fingerprint);
  CREATE TABLE job_chunks (
    job bigint, chunk integer, first_row bigint NOT NULL, rows integer NOT NULL, out_bytes bigint NOT NULL,
    counts json NOT NULL, touched bytea NOT NULL,
    PRIMARY KEY (job, chunk)
  );

  -- Keys of the HTTP API; an id is never given again. 'keys' in meta counts their changes.
  CREATE TABLE keys (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    prefix text NOT NULL, hash bytea NOT NULL UNIQUE, role text NOT NULL, name text NOT NULL, origins json NOT NULL,
    scope json, per_minute integer NOT NULL, created_at bigint NOT NULL, expires_at bigint, revoked_at bigint,
    replaced_by bigint, used_on text
  );
  -- The audit log of keys: lines are added, never changed or removed; numbered without gaps.
  CREATE TABLE key_events (
    number bigint PRIMARY KEY, at bigint NOT NULL, kind text NOT NULL, actor text NOT NULL, key bigint NOT NULL,
    body json NOT NULL
  );

  -- What a writer is about to look up and may then add: another one that asks for the same waits for its end (see claims.ts).
  -- Rows are gone before the transaction ends. Nothing here has to survive.
  CREATE UNLOGGED TABLE claims (what bytea PRIMARY KEY);
  `,
  `
  -- Files that workers on any machine do in parts (see parts.ts): what all parts of a file have in common, and the parts, deflated:
  -- the rows until they are done, then their lines of the result.
  CREATE TABLE job_inputs (job bigint PRIMARY KEY, about json NOT NULL, parts integer NOT NULL);
  CREATE TABLE job_parts (
    job bigint, part integer, first_row bigint NOT NULL, rows integer NOT NULL, input bytea, result bytea, touched bytea,
    tries integer NOT NULL DEFAULT 0, done boolean NOT NULL DEFAULT false,
    PRIMARY KEY (job, part)
  );
  `,
  // A search by place goes to the provinces that have points there.
  `INSERT INTO heads (head, province) ${SQUARES} ON CONFLICT DO NOTHING;`,
  `
  -- The rows of a part that were rejected, as they came in.
  ALTER TABLE job_parts ADD COLUMN rejected bytea;
  `,
  `
  -- Communes that a part led to, where they are to be looked through for likely duplicates at the end.
  ALTER TABLE job_parts ADD COLUMN places text[];
  `,
]
