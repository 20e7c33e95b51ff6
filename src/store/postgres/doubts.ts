import type { DoubtKind, DoubtReader, DoubtWriter } from '../../registry/doubts/store.ts'
import type { StoredHousehold } from '../../registry/store.ts'
import { encodeKey, keyRange, provinceRange } from '../shared/codec.ts'
import { CHECK, type DoubtRow, doubtOf, type Found, KINDS, NONE, OBSERVED } from '../shared/doubtRows.ts'
import { change, column, type Queryable, rows } from './connection.ts'
import { Counter } from './coverage.ts'
import { householdOf } from './rows.ts'

const COLUMNS = 'd.n, d.other, d.kind, d.score, d.reason, d.metres, d.found_at'
/** As in store/sqlite/doubts.ts: the letter under which a decision about such a finding stands. */
const LETTER = `CASE WHEN d.other <> ${NONE} THEN 'd' WHEN d.kind = ${CHECK} THEN 'k' WHEN d.kind = ${OBSERVED} THEN 'o' ELSE 'n' END`
const other = (condition: string) =>
  `EXISTS (SELECT 1 FROM directory x ${householdOf('x.n', 'b')} WHERE x.n = d.other AND b.${condition} OFFSET 0)`
/** Both households live (3 = historical) and neither decided: both say it of a pair. */
const OPEN = `doubts d ${householdOf('d.n', 'a')}
  WHERE a.status <> 3 AND (d.other = ${NONE} OR ${other('status <> 3')})
    AND NOT EXISTS (
      SELECT 1 FROM json_array_elements(a.cleared) c
      WHERE c ->> 0 = ${LETTER} AND coalesce((c ->> 1)::bigint, ${NONE}) = d.other)`
const ORDER = 'ORDER BY d.score DESC, d.n, d.other'

export function doubtReader(
  db: Queryable,
  households: (ns: readonly number[]) => Promise<StoredHousehold[]>,
): DoubtReader {
  const only = (name: DoubtKind | 'settled' | undefined) => {
    if (!name) return ''
    if (name === 'settled') return `AND a.review IS NULL AND NOT ${other('review IS NOT NULL')}`
    return `AND d.kind = ${KINDS.indexOf(name)}`
  }
  return {
    async householdsOf(communeCode, after, limit) {
      const [lowest, highest] = keyRange(communeCode)
      const [from, n] = after ? [encodeKey(after.key), after.n] : [lowest, 0]
      // The key begins with the commune: its index is the list of a commune's households.
      const ns = await column<number>(
        db,
        `SELECT h.n FROM heads p CROSS JOIN LATERAL (
           SELECT key, n FROM households
           WHERE province = p.province AND (key, n) > ($2, $3) AND key <= $4 ORDER BY key, n LIMIT $5) h
         WHERE p.head = $1 ORDER BY h.key, h.n LIMIT $5`,
        Number(communeCode),
        from,
        n,
        highest,
        limit,
      )
      return households(ns)
    },
    async inReview(place, reason, limit, after = 0) {
      const [first, last] = provinceRange(place?.provinceCode ?? null)
      const commune = place?.communeCode ? Number(place.communeCode) : null
      const ns = await column<number>(
        db,
        `SELECT n FROM households WHERE review IS NOT NULL AND province BETWEEN $1 AND $2 AND commune BETWEEN $3 AND $4
           AND n > $5
           AND ($6::text IS NULL OR EXISTS (SELECT 1 FROM json_array_elements_text(review) r WHERE r = $6))
         ORDER BY province, commune, n LIMIT $7`,
        first,
        last,
        commune ?? 0,
        commune ?? 99_999,
        after,
        reason,
        limit,
      )
      return households(ns)
    },
    async doubts(place, limit, name) {
      const commune = place?.communeCode ? Number(place.communeCode) : null
      const found = await rows<DoubtRow>(
        db,
        `SELECT ${COLUMNS} FROM ${OPEN} AND d.province BETWEEN $1 AND $2 AND d.commune BETWEEN $3 AND $4 ${only(name)}
         ${ORDER} LIMIT $5`,
        ...provinceRange(place?.provinceCode ?? null),
        commune ?? 0,
        commune ?? 99_999,
        limit,
      )
      return found.map(doubtOf)
    },
    async doubtsOf(n) {
      const found = await rows<DoubtRow>(
        db,
        `SELECT ${COLUMNS} FROM ${OPEN} AND (d.n = $1 OR d.other = $1) ${ORDER} LIMIT 100`,
        n,
      )
      return found.map(doubtOf)
    },
  }
}

export function doubtWriter(db: Queryable): DoubtWriter {
  return {
    async writeDoubts({ provinceCode, communeCode }, doubts, at) {
      const place = [Number(provinceCode), Number(communeCode)] as const
      const written = [
        ...new Map(
          doubts.map((doubt) => [`${doubt.n} ${doubt.other ?? NONE} ${doubt.kind}`, doubt]),
        ).values(),
      ]
      const ids = [
        written.map(({ n }) => n),
        written.map(({ other }) => other ?? NONE),
        written.map(({ kind }) => KINDS.indexOf(kind)),
      ]
      const counter = new Counter()
      /** Those of the place, and the same findings where they were made before. */
      const here = '(d.province = $1 AND d.commune = $2)'
      const known = await rows<[number, number, number]>(
        db,
        `SELECT d.province, d.commune, count(*) FROM ${OPEN} AND (${here} OR (d.n, d.other, d.kind) IN (
           SELECT * FROM unnest($3::bigint[], $4::bigint[], $5::smallint[]))) GROUP BY 1, 2`,
        ...place,
        ...ids,
      )
      for (const [province, commune, open] of known) counter.addFindings(province, commune, -open)
      await change(
        db,
        `DELETE FROM doubts d WHERE (${here} AND d.kind NOT IN (${CHECK}, ${OBSERVED})) OR (d.n, d.other, d.kind) IN (
           SELECT * FROM unnest($3::bigint[], $4::bigint[], $5::smallint[]))`,
        ...place,
        ...ids,
      )
      await change(
        db,
        `INSERT INTO doubts (province, commune, found_at, n, other, kind, score, reason, metres)
         SELECT $1, $2, $3, * FROM unnest(
           $4::bigint[], $5::bigint[], $6::smallint[], $7::integer[], $8::text[], $9::float8[])`,
        ...place,
        at,
        ...ids,
        written.map(({ score }) => Math.round(score * 1000)),
        written.map(({ reason }) => reason),
        written.map(({ metres }) => metres),
      )
      const [[open] = [0]] = await rows<[number]>(db, `SELECT count(*) FROM ${OPEN} AND ${here}`, ...place)
      counter.addFindings(...place, open)
      await counter.write(db, at)
    },
  }
}

/**
 * Keeps the count of open findings about households while something opens or closes them: call it with -1 before and with
 * +1 after.
 */
export async function countFindings(
  db: Queryable,
  ns: readonly number[],
  sign: 1 | -1,
  counter: Counter,
): Promise<void> {
  if (ns.length === 0) return
  const found = await rows<[number, number, number]>(
    db,
    `SELECT d.province, d.commune, count(*) FROM ${OPEN} AND (d.n = ANY($1::bigint[]) OR d.other = ANY($1::bigint[]))
     GROUP BY 1, 2`,
    ns,
  )
  for (const [province, commune, open] of found) counter.addFindings(province, commune, sign * open)
}

/** Writes what was found about a household in the place of what was found so before; null = nothing. One finding each. */
export async function writeFinding(
  db: Queryable,
  kind: typeof CHECK | typeof OBSERVED,
  n: number,
  found: Found | null,
  at: number,
): Promise<void> {
  const counter = new Counter()
  await countFindings(db, [n], -1, counter)
  await change(db, 'DELETE FROM doubts WHERE n = $1 AND kind = $2', n, kind)
  if (found)
    await change(
      db,
      `INSERT INTO doubts (province, commune, n, other, kind, score, reason, metres, found_at)
       SELECT h.province, h.commune, h.n, $2, $3, $4, $5, $6, $7 FROM directory d ${householdOf('d.n', 'h')}
       WHERE d.n = $1`,
      n,
      found.other ?? NONE,
      kind,
      Math.round(found.score * 1000),
      found.reason,
      found.metres,
      found.at,
    )
  await countFindings(db, [n], 1, counter)
  await counter.write(db, at)
}
