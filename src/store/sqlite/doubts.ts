import type Database from 'better-sqlite3'
import type { DoubtKind, DoubtReader, DoubtWriter } from '../../registry/doubts/store.ts'
import type { StoredHousehold } from '../../registry/store.ts'
import { encodeKey, keyRange, provinceRange } from '../shared/codec.ts'
import { CHECK, type DoubtRow, doubtOf, type Found, KINDS, NONE, OBSERVED } from '../shared/doubtRows.ts'
import { findingCounter } from './coverage.ts'

const COLUMNS = 'd.n, d.other, d.kind, d.score, d.reason, d.metres, d.found_at'
/** A letter of codec.ts for each kind, as it stands at the beginning of a decided doubt; what names a pair is about two homes. */
const LETTER = `CASE WHEN d.other <> ${NONE} THEN 'd' WHEN d.kind = ${CHECK} THEN 'k' WHEN d.kind = ${OBSERVED} THEN 'o' ELSE 'n' END`
/** Both households live (3 = historical) and neither decided: both say it of a pair. */
const OPEN = `doubts d
  JOIN households a ON a.n = d.n AND a.status <> 3
  LEFT JOIN households b ON b.n = d.other
  WHERE (d.other = ${NONE} OR b.status <> 3)
    AND (a.cleared IS NULL OR NOT EXISTS (
      SELECT 1 FROM json_each(a.cleared) c
      WHERE json_extract(c.value, '$[0]') = ${LETTER} AND coalesce(json_extract(c.value, '$[1]'), ${NONE}) = d.other))`

export function doubtReader(
  db: Database.Database,
  households: (ns: readonly number[]) => StoredHousehold[],
): DoubtReader {
  // The key begins with the commune: its index is the list of a commune's households.
  const ofCommune = db
    .prepare('SELECT n FROM households WHERE (key, n) > (?, ?) AND key <= ? ORDER BY key, n LIMIT ?')
    .pluck()
  const inReview = db
    .prepare(
      `SELECT n FROM households WHERE review IS NOT NULL AND province BETWEEN @first AND @last AND commune BETWEEN @from AND @to
         AND n > @after AND (@reason IS NULL OR EXISTS (SELECT 1 FROM json_each(review) WHERE value = @reason))
       ORDER BY province, commune, n LIMIT @limit`,
    )
    .pluck()
  const order = 'ORDER BY d.score DESC, d.n, d.other LIMIT ?'
  const only = (name: DoubtKind | 'settled') =>
    name === 'settled' ? 'AND a.review IS NULL AND b.review IS NULL' : `AND d.kind = ${KINDS.indexOf(name)}`
  const all = (which: string) => db.prepare(`SELECT ${COLUMNS} FROM ${OPEN} ${which} ${order}`).raw()
  const ofPlace = (which: string) =>
    db
      .prepare(
        `SELECT ${COLUMNS} FROM ${OPEN} AND d.province = ? AND d.commune BETWEEN ? AND ? ${which} ${order}`,
      )
      .raw()
  const ofHousehold = db.prepare(`SELECT ${COLUMNS} FROM ${OPEN} AND (d.n = ? OR d.other = ?) ${order}`).raw()
  return {
    async householdsOf(communeCode, after, limit) {
      const [lowest, highest] = keyRange(communeCode)
      const [from, n] = after ? [encodeKey(after.key), after.n] : [lowest, 0]
      const ns = ofCommune.all(from, n, highest, limit) as number[]
      return households(ns)
    },
    async inReview(place, reason, limit, after = 0) {
      const [first, last] = provinceRange(place?.provinceCode ?? null)
      const commune = place?.communeCode ? Number(place.communeCode) : null
      const [from, to] = [commune ?? 0, commune ?? 99_999]
      const ns = inReview.all({ first, last, from, to, reason, limit, after }) as number[]
      return households(ns)
    },
    async doubts(place, limit, name) {
      const which = name ? only(name) : ''
      if (!place) return (all(which).all(limit) as DoubtRow[]).map(doubtOf)
      const commune = place.communeCode === null ? null : Number(place.communeCode)
      const rows = ofPlace(which).all(Number(place.provinceCode), commune ?? 0, commune ?? 99_999, limit)
      return (rows as DoubtRow[]).map(doubtOf)
    },
    doubtsOf: async (n) => (ofHousehold.all(n, n, 100) as DoubtRow[]).map(doubtOf),
  }
}

export function doubtWriter(db: Database.Database): DoubtWriter {
  const drop = db.prepare(
    `DELETE FROM doubts WHERE province = ? AND commune = ? AND kind NOT IN (${CHECK}, ${OBSERVED})`,
  )
  const add = db.prepare('REPLACE INTO doubts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const openAt = db.prepare(`SELECT count(*) FROM ${OPEN} AND d.province = ? AND d.commune = ?`).pluck()
  /** The same finding where it was made before, when that is another commune. */
  const elsewhere = db
    .prepare(
      `SELECT d.province, d.commune FROM ${OPEN} AND d.n = ? AND d.other = ? AND d.kind = ?
         AND (d.province <> ? OR d.commune <> ?)`,
    )
    .raw()
  const count = findingCounter(db)
  return {
    async writeDoubts({ provinceCode, communeCode }, doubts, at) {
      const place = [Number(provinceCode), Number(communeCode)] as const
      const before = openAt.get(...place) as number
      drop.run(...place)
      for (const { kind, n, other, score, reason, metres } of doubts) {
        const id = [n, other ?? NONE, KINDS.indexOf(kind)] as const
        for (const moved of elsewhere.all(...id, ...place) as [number, number][]) count(moved, at, -1)
        add.run(...id, Math.round(score * 1000), reason, metres, ...place, at)
      }
      count(place, at, (openAt.get(...place) as number) - before)
    },
  }
}

/**
 * Keeps the count of open findings about a household while something opens or closes them: call it with -1 before and with
 * +1 after.
 */
export function findingWatcher(db: Database.Database): (n: number, sign: 1 | -1, at: number) => void {
  const any = db.prepare('SELECT EXISTS (SELECT 1 FROM doubts WHERE n = ? OR other = ?)').pluck()
  const about = db
    .prepare(
      `SELECT d.province, d.commune, count(*) FROM ${OPEN} AND (d.n = ? OR d.other = ?) GROUP BY d.province, d.commune`,
    )
    .raw()
  const count = findingCounter(db)
  return (n, sign, at) => {
    // Most households have none.
    if (any.get(n, n) === 0) return
    for (const [province, commune, open] of about.all(n, n) as [number, number, number][])
      count([province, commune], at, sign * open)
  }
}

/** Writes what was found about a household in the place of what was found so before; null = nothing. One finding each. */
export function findingWriter(db: Database.Database, kind: typeof CHECK | typeof OBSERVED) {
  const drop = db.prepare(`DELETE FROM doubts WHERE n = ? AND kind = ${kind}`)
  const add = db.prepare(
    `INSERT INTO doubts SELECT n, ?, ${kind}, ?, ?, ?, province, commune, ? FROM households WHERE n = ?`,
  )
  const watch = findingWatcher(db)
  return (n: number, found: Found | null, at: number): void => {
    watch(n, -1, at)
    drop.run(n)
    if (found)
      add.run(found.other ?? NONE, Math.round(found.score * 1000), found.reason, found.metres, found.at, n)
    watch(n, 1, at)
  }
}
