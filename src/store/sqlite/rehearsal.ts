import { rmSync } from 'node:fs'
import type Database from 'better-sqlite3'
import type { StoreWriter } from '../../registry/store.ts'
import { HOUSEHOLD_COLUMNS } from '../shared/codec.ts'
import { lineReader } from './lines.ts'
import { openWriter } from './open.ts'

/** A database of its own that sees the households of another one and never writes to it. */
export interface Rehearsal extends StoreWriter {
  /** Is it a household of the other one? */
  isRegistered(n: number): boolean
}

/** Removes the files of a rehearsal. */
export function dropRehearsal(path: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true })
}

/**
 * Opens the rehearsal `path` of the registry in `base`. It sees the households that `base` had when the rehearsal was
 * made, so that one that was stopped ends like one that was not.
 */
export function openRehearsal(path: string, base: string): Rehearsal {
  let own: Database.Database | undefined
  const store = openWriter(path, {
    // An immediate transaction would lock the other database too.
    begin: 'BEGIN',
    // Thrown away at the end; the order of its commits is all that a restart needs.
    synchronous: 'NORMAL',
    prepare(db) {
      own = db
      db.prepare('ATTACH ? AS base').run(base)
      db.exec(FIRST)
      db.exec(views())
    },
  })
  const last = own!.prepare("SELECT value FROM main.meta WHERE name = 'base_n'").pluck().get() as number
  const loaded = own!
    .prepare("SELECT min(started_at) FROM base.jobs WHERE list = ? AND kind = 'assign'")
    .pluck()
  const lastOwn = own!.prepare('SELECT max(n) FROM main.households').pluck()
  // Asked of the view it would read all households.
  const reserve = async () => Math.max((lastOwn.get() as number | null) ?? 0, last) + 1
  return {
    ...store,
    // Those who are registered are neighbours; the connection that reads for the store does not see them.
    ...lineReader(own!),
    firstLoad: async (list) => loaded.get(list) as number | null,
    transaction: (work) => store.transaction((tx) => work({ ...tx, reserve })),
    isRegistered: (n) => n <= last,
  }
}

/** What the other database holds at the beginning, noted once. */
const FIRST = `
  INSERT OR IGNORE INTO main.meta SELECT 'base_n', coalesce(max(n), 0) FROM base.households;
  INSERT OR IGNORE INTO main.meta SELECT 'base_name', coalesce(max(id), 0) FROM base.names;
  REPLACE INTO main.meta SELECT name, value FROM base.meta WHERE name = 'secret';
`

/**
 * Views that stand before the tables of the same names: own rows, and those of the other database that were not changed.
 * What is written to them goes to the own tables; a household is copied when it is changed first.
 */
function views(): string {
  const columns = HOUSEHOLD_COLUMNS.join(', ')
  const values = HOUSEHOLD_COLUMNS.map((name) => `NEW.${name}`).join(', ')
  const unchanged = (n: string) =>
    `${n} <= (SELECT value FROM main.meta WHERE name = 'base_n')
       AND NOT EXISTS (SELECT 1 FROM main.households AS own WHERE own.n = ${n})`
  return `
    CREATE TEMP VIEW households AS
      SELECT ${columns}, place FROM main.households
      UNION ALL SELECT ${columns}, place FROM base.households AS b WHERE ${unchanged('b.n')};
    CREATE TEMP TRIGGER households_insert INSTEAD OF INSERT ON households BEGIN
      INSERT INTO main.households (${columns}) VALUES (${values});
    END;
    CREATE TEMP TRIGGER households_update INSTEAD OF UPDATE ON households BEGIN
      INSERT OR IGNORE INTO main.external_ids
        SELECT scheme, value, n FROM base.external_ids WHERE n = NEW.n AND ${unchanged('NEW.n')};
      REPLACE INTO main.households (${columns}) VALUES (${values});
    END;

    CREATE TEMP VIEW external_ids AS
      SELECT scheme, value, n FROM main.external_ids
      UNION ALL SELECT scheme, value, n FROM base.external_ids AS b WHERE ${unchanged('b.n')};
    CREATE TEMP TRIGGER external_ids_insert INSTEAD OF INSERT ON external_ids BEGIN
      INSERT INTO main.external_ids VALUES (NEW.scheme, NEW.value, NEW.n);
    END;
    CREATE TEMP TRIGGER external_ids_delete INSTEAD OF DELETE ON external_ids BEGIN
      DELETE FROM main.external_ids WHERE scheme = OLD.scheme AND value = OLD.value;
    END;

    CREATE TEMP VIEW list_rows AS
      SELECT n, list, row FROM main.list_rows
      UNION ALL SELECT n, list, row FROM base.list_rows WHERE n <= (SELECT value FROM main.meta WHERE name = 'base_n');
    CREATE TEMP TRIGGER list_rows_insert INSTEAD OF INSERT ON list_rows BEGIN
      INSERT OR IGNORE INTO main.list_rows VALUES (NEW.n, NEW.list, NEW.row);
    END;
    -- No load does this; the statement has to be there.
    CREATE TEMP TRIGGER list_rows_delete INSTEAD OF DELETE ON list_rows BEGIN
      DELETE FROM main.list_rows WHERE n = OLD.n AND list = OLD.list AND row = OLD.row;
    END;

    -- Only persons write them and only an erasure drops them, in no rehearsal; the statements have to be there.
    CREATE TEMP VIEW stands AS
      SELECT key, n, until_at, lat, lon FROM base.stands WHERE n <= (SELECT value FROM main.meta WHERE name = 'base_n');
    CREATE TEMP TRIGGER stands_insert INSTEAD OF INSERT ON stands BEGIN
      SELECT RAISE(ABORT, 'a rehearsal writes no stands');
    END;
    CREATE TEMP TRIGGER stands_delete INSTEAD OF DELETE ON stands BEGIN
      SELECT RAISE(ABORT, 'a rehearsal drops no stands');
    END;

    CREATE TEMP VIEW names AS
      SELECT id, name FROM main.names
      UNION ALL SELECT id, name FROM base.names WHERE id <= (SELECT value FROM main.meta WHERE name = 'base_name');
    CREATE TEMP TRIGGER names_insert INSTEAD OF INSERT ON names BEGIN
      INSERT INTO main.names (id, name) SELECT max(id) + 1, NEW.name FROM (
        SELECT max(id) AS id FROM main.names UNION ALL SELECT value FROM main.meta WHERE name = 'base_name');
    END;
  `
}
