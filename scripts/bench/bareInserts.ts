import { rmSync } from 'node:fs'
import Database from 'better-sqlite3'

/** The floor of the machine at this moment, rows a second: the settings of the registry, one bare insert a line, a thousand a commit. */
export function bareInserts(path: string, lines: readonly string[]): number {
  const db = new Database(path)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.exec('CREATE TABLE t (n INTEGER PRIMARY KEY, text TEXT)')
  const insert = db.prepare('INSERT INTO t (text) VALUES (?)')
  const chunk = db.transaction((from: number) => {
    for (const line of lines.slice(from, from + 1000)) insert.run(line)
  })
  const started = performance.now()
  for (let from = 0; from < lines.length; from += 1000) chunk(from)
  const seconds = (performance.now() - started) / 1000
  db.close()
  for (const end of ['', '-wal', '-shm']) rmSync(`${path}${end}`, { force: true })
  return Math.round(lines.length / seconds)
}
