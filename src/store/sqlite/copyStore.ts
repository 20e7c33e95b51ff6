import { rmSync } from 'node:fs'
import type Database from 'better-sqlite3'
import type { CopyPlace, CopyStore } from '../../registry/copyStore.ts'
import { copyState } from './keptIds.ts'
import { openWriter, WrongDatabase } from './open.ts'

/** The file of a copy, and the one beside it that is loaded anew. */
export function copyPlace(path: string): CopyPlace {
  const anew = `${path}.anew`
  const dropAnew = () => {
    for (const suffix of ['', '-wal', '-shm', '-waiting']) rmSync(anew + suffix, { force: true })
  }
  return {
    open: () => openCopy(path),
    async openAnew() {
      await openCopy(anew).close()
      await besides(path, anew, (db) => db.exec(SAME_NUMBERS))
      return openCopy(anew)
    },
    dropAnew,
    async takeOver() {
      await besides(path, anew, takeAll)
      dropAnew()
    },
  }
}

/** What a process that answers has in memory by number stays right when the new copy takes the place of the old one. */
const SAME_NUMBERS = `
  INSERT OR IGNORE INTO anew.names SELECT * FROM main.names;
  INSERT OR IGNORE INTO anew.copy_ids SELECT * FROM main.copy_ids;
`

/** A copy's own: its keys, its secret, who writes it. */
const OWN = ['meta', 'lease', 'keys', 'key_events']

/** Puts all that was copied in the place of what was there. Who reads meanwhile sees the one or the other. */
function takeAll(db: Database.Database): void {
  const list = (sql: string, ...values: unknown[]) =>
    db
      .prepare(sql)
      .pluck()
      .all(...values) as string[]
  // What is freed may have been erased at the source meanwhile.
  db.pragma('secure_delete = ON')
  db.transaction(() => {
    for (const table of list(
      "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    )) {
      if (OWN.includes(table)) continue
      const columns = list('SELECT name FROM pragma_table_info(?)', table).join(', ')
      db.exec(
        `DELETE FROM main.${table}; INSERT INTO main.${table} (${columns}) SELECT ${columns} FROM anew.${table}`,
      )
    }
    db.exec(`
      UPDATE main.meta SET value = (SELECT value FROM anew.meta WHERE name = 'copy') WHERE name = 'copy';
      INSERT INTO main.meta VALUES ('life', 1) ON CONFLICT DO UPDATE SET value = value + 1;
    `)
  }).immediate()
  db.pragma('main.wal_checkpoint(TRUNCATE)')
}

/** Works on the file of a copy with another one beside it, attached as `anew`. */
async function besides(path: string, anew: string, work: (db: Database.Database) => void): Promise<void> {
  const store = openWriter(path, {
    copy: true,
    prepare(db) {
      db.prepare('ATTACH ? AS anew').run(anew)
      work(db)
      db.exec('DETACH anew')
    },
  })
  await store.close()
}

/**
 * Opens a copy for the one who keeps it in step; makes it when it is not there. Throws WrongDatabase for a registry of its own,
 * WriterBusy while another process keeps the copy.
 */
function openCopy(path: string): CopyStore {
  let db: Database.Database | undefined
  const store = openWriter(path, {
    copy: true,
    prepare(opened) {
      db = opened
      const isCopy = copyState(db) !== null
      if (!isCopy && db.prepare('SELECT 1 FROM events UNION ALL SELECT 1 FROM jobs LIMIT 1').get())
        throw new WrongDatabase(`${path} is a registry of its own, no copy: name another file`)
      db.exec('CREATE TABLE IF NOT EXISTS copy_ids (n INTEGER PRIMARY KEY, id INTEGER NOT NULL UNIQUE)')
      db.prepare("INSERT OR IGNORE INTO meta VALUES ('copy', '')").run()
    },
  })
  const find = db!.prepare('SELECT n FROM copy_ids WHERE id = ?').pluck()
  const add = db!.prepare('INSERT INTO copy_ids (id) VALUES (?)')
  const note = db!.prepare("UPDATE meta SET value = ? WHERE name = 'copy'")
  const known = (id: string) => (find.get(Number(id)) as number | undefined) ?? null
  return {
    households: (ns) => store.households(ns),
    count: () => store.count(),
    close: () => store.close(),
    state: () => copyState(db!)!,
    transaction: (work) =>
      store.transaction((tx) =>
        work({
          households: (ns) => tx.households(ns),
          write: (batch) => tx.write(batch),
          knownN: known,
          nOf: (id) => known(id) ?? Number(add.run(Number(id)).lastInsertRowid),
          setState: (text) => void note.run(text),
        }),
      ),
  }
}
