import type { StoredEvent, StoredHousehold } from '../../registry/store.ts'
import {
  bySchemeThenValue,
  decodeHousehold,
  HOUSEHOLD_COLUMNS,
  type HouseholdRow,
  twoDigits,
} from '../shared/codec.ts'
import { EVENT_KINDS, inTime, NO_BODY } from '../shared/events.ts'
import { type Queryable, rows } from './connection.ts'
import type { Names } from './names.ts'

/** The columns of a household in the order of the codec, of the alias `h`; then its numbers as JSON. */
const HOUSEHOLD = HOUSEHOLD_COLUMNS.map((name) => `h.${name}`).join(', ')
const NUMBERS = '(SELECT json_agg(json_build_array(e.scheme, e.value)) FROM external_ids e WHERE e.n = h.n)'
const [ENGINE, DATA] = [HOUSEHOLD_COLUMNS.indexOf('engine'), HOUSEHOLD_COLUMNS.indexOf('data')]

/** Reads households by n, in the order asked. */
export async function readHouseholds(
  db: Queryable,
  names: Names,
  ns: readonly number[],
): Promise<StoredHousehold[]> {
  if (ns.length === 0) return []
  const found = await readRows(db, ns)
  const numbers = found.map((row) => JSON.parse((row.at(-1) as string | null) ?? '[]') as [number, string][])
  await names.know([
    ...found.flatMap((row) => [row[ENGINE], row[DATA]] as number[]),
    ...numbers.flatMap((own) => own.map(([scheme]) => scheme)),
  ])
  const byN = new Map<number, StoredHousehold>()
  for (const [i, row] of found.entries()) {
    const externalIds = numbers[i]!.map(([scheme, value]) => ({ scheme: names.nameOf(scheme), value }))
    externalIds.sort(bySchemeThenValue)
    byN.set(row[0] as number, decodeHousehold(row as HouseholdRow, externalIds, names.nameOf))
  }
  return ns.flatMap((n) => byN.get(n) ?? [])
}

/** In one province, as nearly always, the server opens one partition; else all of them. */
async function readRows(db: Queryable, ns: readonly number[]): Promise<unknown[][]> {
  const places = await rows<[number]>(db, 'SELECT province FROM directory WHERE n = ANY($1::bigint[])', ns)
  if (places.length === 0) return []
  const province = places[0]![0]
  if (places.every(([other]) => other === province)) {
    const found = await rows<unknown[]>(
      db,
      `SELECT ${HOUSEHOLD}, ${NUMBERS} FROM households h WHERE h.province = $1 AND h.n = ANY($2::bigint[])`,
      province,
      ns,
    )
    // Fewer: one has moved away since the first question.
    if (found.length === places.length) return found
  }
  return rows(
    db,
    `SELECT ${HOUSEHOLD}, ${NUMBERS}
     FROM directory d JOIN households h ON h.province = d.province AND h.n = d.n WHERE d.n = ANY($1::bigint[])`,
    ns,
  )
}

/** A row of `events`, of the alias `e`. */
const EVENT = 'e.province, e.number, e.n, e.kind, e.at, e.actor, e.job, e.body'
type EventRow = [
  province: number,
  number: number,
  n: number,
  kind: number,
  at: number,
  actor: number,
  job: number | null,
  body: string | null,
]

/** Events of a province with a number above `after`, in order. */
export async function readEvents(
  db: Queryable,
  names: Names,
  province: string,
  after: number,
  limit: number,
  onlyArrivals: boolean,
): Promise<StoredEvent[]> {
  const found = await rows<EventRow>(
    db,
    `SELECT ${EVENT} FROM events e WHERE e.province = $1 AND e.number > $2 ${onlyArrivals ? 'AND e.arrives' : ''}
     ORDER BY e.number LIMIT $3`,
    Number(province),
    after,
    limit,
  )
  return decoded(found, names)
}

/** The events of households, of each oldest first. A household has events in the provinces where it was. */
export async function readHistories(
  db: Queryable,
  names: Names,
  ns: readonly number[],
): Promise<Map<number, StoredEvent[]>> {
  const found = await rows<EventRow>(
    db,
    `SELECT ${EVENT}
     FROM (SELECT n, unnest(province || earlier) AS province FROM directory WHERE n = ANY($1::bigint[])) d
       CROSS JOIN LATERAL (SELECT * FROM events WHERE province = d.province AND n = d.n OFFSET 0) e`,
    ns,
  )
  const histories = new Map<number, StoredEvent[]>(ns.map((n) => [n, []]))
  for (const event of await decoded(found, names)) histories.get(event.n)!.push(event)
  for (const events of histories.values()) inTime(events)
  return histories
}

async function decoded(found: readonly EventRow[], names: Names): Promise<StoredEvent[]> {
  await names.know(found.map(([, , , , , actor]) => actor))
  return found.map(([province, number, n, kind, at, actor, job, body]) => ({
    province: twoDigits(province),
    number,
    n,
    kind: EVENT_KINDS[kind]!,
    at,
    actor: names.nameOf(actor),
    job,
    ...NO_BODY,
    ...(body ? JSON.parse(body) : undefined),
  }))
}

/** Joins the household with this n, whatever its province: the directory says in which partition to look. */
export const householdOf = (n: string, alias: string) => `
  JOIN directory ${alias}_place ON ${alias}_place.n = ${n}
  CROSS JOIN LATERAL (
    SELECT * FROM households WHERE province = ${alias}_place.province AND n = ${alias}_place.n LIMIT 1) ${alias}`

/** Others that would change these households wait until the transaction ends; in one order, so that none waits in a circle. */
export async function lockHouseholds(db: Queryable, ns: readonly number[]): Promise<void> {
  if (ns.length > 0)
    await rows(db, 'SELECT n FROM directory WHERE n = ANY($1::bigint[]) ORDER BY n FOR NO KEY UPDATE', ns)
}
