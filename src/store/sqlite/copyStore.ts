import type Database from 'better-sqlite3'
import type { CopyStore } from '../../registry/copyStore.ts'
import { copyState } from './keptIds.ts'
import { openWriter, WrongDatabase } from './open.ts'

/**
 * Opens a copy for the one who keeps it in step; makes it when it is not there. Throws WrongDatabase for a registry of its own,
 * WriterBusy while another process keeps the copy.
 */
export function openCopy(path: string): CopyStore {
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
  return {
    households: (ns) => store.households(ns),
    count: () => store.count(),
    close: () => store.close(),
    state: () => copyState(db!) || null,
    transaction: (work) =>
      store.transaction((tx) =>
        work({
          households: (ns) => tx.households(ns),
          write: (batch) => tx.write(batch),
          nOf: (id) =>
            (find.get(Number(id)) as number | undefined) ?? Number(add.run(Number(id)).lastInsertRowid),
          setState: (text) => void note.run(text),
        }),
      ),
  }
}
