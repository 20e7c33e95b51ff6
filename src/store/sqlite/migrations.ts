/**
 * The schema, one step a version (PRAGMA user_version). Steps are never edited once released. Written for size: codes are
 * integers, words that repeat stand once in `names`, lists of choices are positions (see codec.ts).
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;

  -- The one writer; see lease.ts.
  CREATE TABLE lease (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    token TEXT NOT NULL, pid INTEGER NOT NULL, host TEXT NOT NULL,
    process_started INTEGER NOT NULL, heartbeat INTEGER NOT NULL
  );

  -- Words that many rows share: lists, schemes, actors, versions.
  CREATE TABLE names (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);

  CREATE TABLE households (
    n INTEGER PRIMARY KEY,
    status INTEGER NOT NULL,
    of_n INTEGER,
    key BLOB NOT NULL,
    key_version INTEGER NOT NULL,
    text TEXT NOT NULL,
    parts TEXT NOT NULL,
    province INTEGER NOT NULL,
    commune INTEGER NOT NULL,
    former INTEGER,
    postcode INTEGER NOT NULL,
    lat REAL, lon REAL, source INTEGER, accuracy REAL,
    access_lat REAL, access_lon REAL,
    code INTEGER,
    grade INTEGER NOT NULL,
    confidence INTEGER NOT NULL,
    review TEXT,
    engine INTEGER NOT NULL,
    data INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    -- NULL while it is the first version.
    updated_at INTEGER,
    -- Half a thousandth of a degree (55 m) a side; must equal cells.ts.
    cell INTEGER GENERATED ALWAYS AS (
      CAST((lat - 4) * 2000 AS INTEGER) * 40000 + CAST((lon - 100) * 2000 AS INTEGER)
    ) VIRTUAL
  );
  CREATE INDEX households_key ON households (key);
  CREATE INDEX households_code ON households (code) WHERE code IS NOT NULL;
  CREATE INDEX households_cell ON households (cell) WHERE cell IS NOT NULL;

  CREATE TABLE external_ids (
    scheme INTEGER NOT NULL, value TEXT NOT NULL, n INTEGER NOT NULL,
    PRIMARY KEY (scheme, value)
  ) WITHOUT ROWID;
  CREATE INDEX external_ids_n ON external_ids (n);

  -- Rows whose text alone does not lead back to their household.
  CREATE TABLE list_rows (
    n INTEGER NOT NULL, list INTEGER NOT NULL, row INTEGER NOT NULL,
    PRIMARY KEY (n, list, row)
  ) WITHOUT ROWID;
  CREATE INDEX list_rows_row ON list_rows (list, row);

  -- Codes that a household no longer has.
  CREATE TABLE aliases (
    code INTEGER NOT NULL, until_at INTEGER NOT NULL, n INTEGER NOT NULL, from_at INTEGER NOT NULL,
    PRIMARY KEY (code, until_at, n)
  ) WITHOUT ROWID;

  -- id = province * 2^40 + number, so that a province's events stand together in their order.
  CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    n INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor INTEGER NOT NULL,
    job INTEGER,
    body TEXT
  );
  CREATE INDEX events_n ON events (n);

  CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL, fingerprint TEXT NOT NULL, input TEXT NOT NULL, output TEXT NOT NULL, list TEXT NOT NULL,
    options TEXT NOT NULL, engine_version TEXT NOT NULL, data_version TEXT NOT NULL,
    state TEXT NOT NULL, error TEXT,
    chunks INTEGER NOT NULL DEFAULT 0, rows_done INTEGER NOT NULL DEFAULT 0, out_bytes INTEGER NOT NULL DEFAULT 0,
    counts TEXT NOT NULL DEFAULT '{}',
    started_at INTEGER NOT NULL, finished_at INTEGER
  );
  CREATE INDEX jobs_fingerprint ON jobs (fingerprint) WHERE state = 'running';

  CREATE TABLE job_chunks (
    job INTEGER NOT NULL, chunk INTEGER NOT NULL, first_row INTEGER NOT NULL, rows INTEGER NOT NULL,
    out_bytes INTEGER NOT NULL, counts TEXT NOT NULL, touched BLOB NOT NULL,
    PRIMARY KEY (job, chunk)
  );
  `,
  // Households over their life. What is historical is found by id, key and code, no longer by place (3 = historical).
  `
  ALTER TABLE households ADD COLUMN successors TEXT;
  CREATE INDEX households_of ON households (of_n) WHERE of_n IS NOT NULL;
  DROP INDEX households_cell;
  CREATE INDEX households_cell ON households (cell) WHERE cell IS NOT NULL AND status <> 3;
  `,
  `
  -- Who asked for a job, what is asked of it, how far it is, and the process that works on it (see lease.ts).
  ALTER TABLE jobs ADD COLUMN owner TEXT NOT NULL DEFAULT 'system';
  ALTER TABLE jobs ADD COLUMN requested TEXT;
  ALTER TABLE jobs ADD COLUMN done INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE jobs ADD COLUMN total INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE jobs ADD COLUMN taken_at INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE jobs ADD COLUMN taken_rows INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE jobs ADD COLUMN token TEXT NOT NULL DEFAULT '';
  ALTER TABLE jobs ADD COLUMN pid INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE jobs ADD COLUMN host TEXT NOT NULL DEFAULT '';
  ALTER TABLE jobs ADD COLUMN process_started INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE jobs ADD COLUMN heartbeat INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE jobs ADD COLUMN dropped INTEGER NOT NULL DEFAULT 0;
  DROP INDEX jobs_fingerprint;
  CREATE INDEX jobs_fingerprint ON jobs (fingerprint);
  -- Does the holder take up queued jobs?
  ALTER TABLE lease ADD COLUMN serves INTEGER NOT NULL DEFAULT 0;
  `,
  `
  -- Postcodes before today's, with the commune of today that the place lies in.
  CREATE TABLE old_postcodes (
    postcode INTEGER NOT NULL, commune INTEGER NOT NULL, until_on TEXT NOT NULL DEFAULT '',
    from_on TEXT, source TEXT NOT NULL,
    PRIMARY KEY (postcode, commune, until_on)
  ) WITHOUT ROWID;
  `,
  `
  -- Households by commune (-1: the province) and day: what a day changed; see coverage.ts. 0 provisional, 1 verified.
  CREATE TABLE coverage (
    province INTEGER NOT NULL, commune INTEGER NOT NULL, day INTEGER NOT NULL,
    households INTEGER NOT NULL, coded INTEGER NOT NULL, visit INTEGER NOT NULL, review INTEGER NOT NULL,
    verified INTEGER NOT NULL,
    PRIMARY KEY (province, commune, day)
  ) WITHOUT ROWID;
  INSERT INTO coverage
    SELECT province, commune, (created_at + 25200000) / 86400000, count(*),
      sum(code IS NOT NULL AND review IS NULL), sum(code IS NULL AND review IS NULL), sum(review IS NOT NULL),
      sum(status = 1)
    FROM households WHERE status IN (0, 1) GROUP BY 1, 2, 3;
  INSERT INTO coverage
    SELECT province, -1, day, sum(households), sum(coded), sum(visit), sum(review), sum(verified)
    FROM coverage GROUP BY province, day;

  -- Households expected.
  CREATE TABLE targets (commune INTEGER PRIMARY KEY, households INTEGER NOT NULL);
  `,
  `
  -- Doubts that a person decided, under one letter each (see codec.ts).
  ALTER TABLE households ADD COLUMN cleared TEXT;

  -- What looking through the registry has found, by the commune that was looked through; see doubts.ts.
  CREATE TABLE doubts (
    n INTEGER NOT NULL, other INTEGER NOT NULL, kind INTEGER NOT NULL, score INTEGER NOT NULL, reason TEXT NOT NULL,
    metres REAL, province INTEGER NOT NULL, commune INTEGER NOT NULL, found_at INTEGER NOT NULL,
    PRIMARY KEY (n, other)
  ) WITHOUT ROWID;
  CREATE INDEX doubts_place ON doubts (province, commune, score);
  CREATE INDEX doubts_other ON doubts (other);
  `,
  `
  CREATE INDEX households_review ON households (province, commune, n) WHERE review IS NOT NULL;
  -- Communes that persons chose: evidence for their neighbours.
  CREATE INDEX households_decided ON households (former) WHERE cleared IS NOT NULL AND former IS NOT NULL;
  `,
  `
  -- The second, blind check of a sample: rounds, what was drawn, and results; see samples.ts.
  CREATE TABLE sample_rounds (
    round INTEGER PRIMARY KEY, seed TEXT NOT NULL, share REAL NOT NULL, least INTEGER NOT NULL, at INTEGER NOT NULL,
    actor TEXT NOT NULL
  );
  CREATE TABLE sample_communes (
    province INTEGER NOT NULL, commune INTEGER NOT NULL, round INTEGER NOT NULL,
    population INTEGER NOT NULL, drawn INTEGER NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (province, commune, round)
  ) WITHOUT ROWID;
  CREATE TABLE sample_households (
    province INTEGER NOT NULL, commune INTEGER NOT NULL, round INTEGER NOT NULL, n INTEGER NOT NULL,
    state INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (province, commune, round, n)
  ) WITHOUT ROWID;
  CREATE INDEX sample_households_n ON sample_households (n, round);
  CREATE TABLE checks (
    id INTEGER PRIMARY KEY, n INTEGER NOT NULL, round INTEGER NOT NULL, at INTEGER NOT NULL, actor TEXT NOT NULL,
    verdict INTEGER NOT NULL, metres REAL, found TEXT, undone_at INTEGER, undone_by TEXT
  );
  CREATE INDEX checks_n ON checks (n);

  -- Of the latest round of each commune, added up by day like the others.
  ALTER TABLE coverage ADD COLUMN sampled INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE coverage ADD COLUMN checked INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE coverage ADD COLUMN wrong INTEGER NOT NULL DEFAULT 0;

  -- A household can have several findings that name no other one.
  CREATE TABLE doubts_new (
    n INTEGER NOT NULL, other INTEGER NOT NULL, kind INTEGER NOT NULL, score INTEGER NOT NULL, reason TEXT NOT NULL,
    metres REAL, province INTEGER NOT NULL, commune INTEGER NOT NULL, found_at INTEGER NOT NULL,
    PRIMARY KEY (n, other, kind)
  ) WITHOUT ROWID;
  INSERT INTO doubts_new SELECT * FROM doubts;
  DROP TABLE doubts;
  ALTER TABLE doubts_new RENAME TO doubts;
  CREATE INDEX doubts_place ON doubts (province, commune, score);
  CREATE INDEX doubts_other ON doubts (other);
  `,
  `
  -- What households said before a person gave them another address or point.
  CREATE TABLE stands (
    key BLOB NOT NULL, n INTEGER NOT NULL, until_at INTEGER NOT NULL, lat REAL, lon REAL
  );
  CREATE INDEX stands_key ON stands (key, n, until_at);
  CREATE INDEX stands_n ON stands (n);
  `,
  `
  -- Households that persons have placed, by former commune, street and commune of today; and as a job found them when it
  -- began (see decidedStreets.ts).
  DROP INDEX households_decided;
  CREATE TABLE decided_streets (
    former INTEGER NOT NULL, street TEXT NOT NULL, commune INTEGER NOT NULL, households INTEGER NOT NULL,
    PRIMARY KEY (former, street, commune)
  ) WITHOUT ROWID;
  INSERT INTO decided_streets
    SELECT former, json_extract(parts, '$.s'), commune, count(*) FROM households
    WHERE former IS NOT NULL AND review IS NULL AND json_extract(parts, '$.s') IS NOT NULL
      AND (status = 1 OR (status = 0 AND instr(cleared, '["c",') > 0))
    GROUP BY 1, 2, 3;
  CREATE TABLE job_streets (job INTEGER PRIMARY KEY, streets TEXT NOT NULL);
  `,
  `
  -- Keys of the HTTP API (see keys.ts); an id is never given again. 'keys' in meta counts their changes.
  CREATE TABLE keys (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    prefix TEXT NOT NULL, hash BLOB NOT NULL UNIQUE, role TEXT NOT NULL, name TEXT NOT NULL,
    origins TEXT NOT NULL, scope TEXT, per_minute INTEGER NOT NULL,
    created_at INTEGER NOT NULL, expires_at INTEGER, revoked_at INTEGER, replaced_by INTEGER, used_on TEXT
  );
  `,
  `
  -- Events of households that came from another province; must equal rows.ts.
  CREATE INDEX events_arrivals ON events (id) WHERE instr(body, '"provinceCode"') > 0;
  `,
  `
  -- How carriers name units (see crosswalks.ts): entries are a JSON list of [era, code, id, name]. 'crosswalks' in meta counts
  -- their changes.
  CREATE TABLE crosswalks (
    scheme TEXT PRIMARY KEY, as_of TEXT, loaded_at INTEGER NOT NULL, entries TEXT NOT NULL
  );
  `,
  `
  -- Open findings are counted by commune and day like the rest. Open: both households live (3 = historical) and neither
  -- has decided it (see doubts.ts). What stands now has a row of its own a commune, and a province (commune -1).
  ALTER TABLE coverage ADD COLUMN findings INTEGER NOT NULL DEFAULT 0;
  INSERT INTO coverage (province, commune, day, households, coded, visit, review, verified, findings)
    SELECT d.province, d.commune, (d.found_at + 25200000) / 86400000, 0, 0, 0, 0, 0, count(*)
    FROM doubts d
      JOIN households a ON a.n = d.n AND a.status <> 3
      LEFT JOIN households b ON b.n = d.other
    WHERE (d.other = 0 OR b.status <> 3)
      AND (a.cleared IS NULL OR NOT EXISTS (
        SELECT 1 FROM json_each(a.cleared) c
        WHERE json_extract(c.value, '$[0]') = CASE WHEN d.other <> 0 THEN 'd' WHEN d.kind = 2 THEN 'k' ELSE 'n' END
          AND coalesce(json_extract(c.value, '$[1]'), 0) = d.other))
    GROUP BY 1, 2, 3
    ON CONFLICT DO UPDATE SET findings = findings + excluded.findings;
  INSERT INTO coverage (province, commune, day, households, coded, visit, review, verified, findings)
    SELECT province, -1, day, 0, 0, 0, 0, 0, sum(findings) FROM coverage WHERE findings <> 0 GROUP BY 1, 3
    ON CONFLICT DO UPDATE SET findings = findings + excluded.findings;
  CREATE TABLE coverage_totals (
    province INTEGER NOT NULL, commune INTEGER NOT NULL,
    households INTEGER NOT NULL, coded INTEGER NOT NULL, visit INTEGER NOT NULL, review INTEGER NOT NULL,
    verified INTEGER NOT NULL, sampled INTEGER NOT NULL, checked INTEGER NOT NULL, wrong INTEGER NOT NULL,
    findings INTEGER NOT NULL,
    PRIMARY KEY (province, commune)
  ) WITHOUT ROWID;
  INSERT INTO coverage_totals
    SELECT province, commune, sum(households), sum(coded), sum(visit), sum(review), sum(verified), sum(sampled),
      sum(checked), sum(wrong), sum(findings)
    FROM coverage GROUP BY province, commune;
  `,
  `
  -- What was seen at doors: of each who saw a household the last (see observations.ts).
  CREATE TABLE observations (
    n INTEGER NOT NULL, actor TEXT NOT NULL, at INTEGER NOT NULL, found INTEGER NOT NULL,
    lat REAL, lon REAL, accuracy REAL,
    PRIMARY KEY (n, actor)
  ) WITHOUT ROWID;
  `,
  `
  -- Households by place: block of 128 x 128 cells, tile of 8 x 8 in it, cell in that; must equal cells.ts. What is historical
  -- (3) has none. With the points in it the index alone answers what stands in a tile.
  ALTER TABLE households ADD COLUMN place INTEGER GENERATED ALWAYS AS (
    CASE WHEN status <> 3 THEN
      ((cell / 40000 / 128 * 313 + cell % 40000 / 128) * 256 + cell / 40000 / 8 % 16 * 16 + cell % 40000 / 8 % 16) * 64
        + cell / 40000 % 8 * 8 + cell % 40000 % 8
    END
  ) VIRTUAL;
  DROP INDEX households_cell;
  CREATE INDEX households_place ON households (place, lat, lon) WHERE place IS NOT NULL;
  `,
  `
  -- The audit log of keys (see keys.ts): lines are added, never changed or removed. 'body': the key as it was then, and whose
  -- place it took, as JSON.
  CREATE TABLE key_events (
    number INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, actor TEXT NOT NULL, key INTEGER NOT NULL,
    body TEXT NOT NULL
  );
  `,
  `
  -- The homes of a street, or of a hamlet without streets, beside each other (see registry/streetLine.ts). Households that
  -- are there already get their line by and by: those with an n from 'lines' on have none yet, up to 'lines_end'.
  ALTER TABLE households ADD COLUMN line INTEGER;
  CREATE INDEX households_line ON households (commune, line) WHERE line IS NOT NULL;
  INSERT INTO meta SELECT 'lines', 1 FROM households LIMIT 1;
  INSERT INTO meta SELECT 'lines_end', max(n) FROM households HAVING count(*) > 0;
  `,
  `
  -- Jobs over HTTP belong to a line of keys, no longer to a name: that of the latest key of the name when the job was asked for.
  UPDATE jobs SET options = json_set(options, '$.upload.line', (
    WITH RECURSIVE line (id) AS (
      SELECT max(id) FROM keys WHERE name = jobs.owner AND created_at <= jobs.started_at
      UNION ALL SELECT keys.id FROM keys JOIN line ON keys.replaced_by = line.id
    ) SELECT min(id) FROM line
  )) WHERE options ->> 'upload' IS NOT NULL;
  `,
]
