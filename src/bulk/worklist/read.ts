import { prepareRow } from '../../pipeline.ts'
import { ChangeRefused, type RefusalCode } from '../../registry/life/refused.ts'
import type { RegistryReader, StoredHousehold } from '../../registry/store.ts'
import type { HouseholdPoint } from '../../registry/types.ts'
import { isDay } from '../../text/day.ts'
import {
  BadRow,
  isOurs,
  plain,
  type ReadReturned,
  type Returned,
  readMeasured,
  readReturned,
  same,
} from './returned.ts'
import { HEADER } from './sheet.ts'

/** What became of a row of a returned list. */
type Outcome = 'verified' | 'moved' | 'corrected' | 'confirmed' | 'gone' | 'unchanged' | 'blank'

/** Metres: a point measured on site is evidence up to this. */
const SURVEYED = 15

/** Reads a returned work list row by row; each row is one or two ordinary events. Throws FileRefused, UnreadableFile. */
export const readWorklist = (options: ReadReturned): Promise<Returned<Outcome>> =>
  readReturned(options, HEADER, (household, cells) => readRow(household, cells, options))

async function readRow(
  household: StoredHousehold,
  cells: readonly string[],
  { store, life, ids, gazetteer, actor }: ReadReturned,
): Promise<Outcome> {
  const [, , address, , result, corrected, lat, lon, accuracy, surveyor, date] = cells as string[]
  const id = ids.idOf(household.n)
  const draft = corrected ? prepareRow({ address: corrected }, gazetteer).draft : null
  const listed = ({ text }: { text: string }) => isOurs(address!, text)
  // Sorting some columns and not others moves ids to other homes. A row that was carried out tells the address before.
  if (
    !listed(household) &&
    !(draft && same(draft.text, household.text) && (await heldBefore(store, household.n, listed)))
  )
    throw new BadRow('address-of-another-household')
  const verdict = VERDICTS[plain(result!)]
  if (verdict === undefined) throw new BadRow('bad-result')
  const by = {
    actor: surveyor || actor,
    reason: date ? `work list, ${readDate(date)}` : 'work list',
  }
  if (verdict === 'gone') {
    return (await unlessSame(() => life.decide(by, id, { kind: 'reject' }), 'historical'))
      ? 'gone'
      : 'unchanged'
  }
  const point = readPoint(lat!, lon!, accuracy!, surveyor !== '' && date !== '')
  if (!corrected && verdict === 'corrected') throw new BadRow('correction-missing')
  let outcome: Outcome = verdict
  if (corrected) {
    if (!draft) throw new BadRow('correction-not-understood')
    outcome = (await unlessSame(() => life.correct(by, id, draft))) ? 'corrected' : 'unchanged'
  }
  if (point?.source === 'surveyed')
    return (await unlessSame(() => life.verify(by, id, { point }))) ? 'verified' : 'unchanged'
  if (point) return (await unlessSame(() => life.move(by, id, { point }))) ? 'moved' : 'unchanged'
  if (outcome === 'confirmed')
    return (await unlessSame(() => life.confirm(by, id))) ? 'confirmed' : 'unchanged'
  return outcome
}

/** Did a household once have an address for which `listed` holds? */
async function heldBefore(
  store: RegistryReader,
  n: number,
  listed: (household: { text: string }) => boolean,
): Promise<boolean> {
  const events = await store.history(n)
  return events.some(({ before }) => before?.text !== undefined && listed({ text: before.text }))
}

/** False when the registry says so already: it refuses the change as one of the usual codes, or as `also`. */
async function unlessSame(change: () => Promise<unknown>, also?: RefusalCode): Promise<boolean> {
  try {
    await change()
    return true
  } catch (error) {
    const known = ['nothing-changed', 'within-accuracy', 'not-provisional', also]
    if (error instanceof ChangeRefused && known.includes(error.code)) return false
    throw error
  }
}

/** What people write under "Kết quả", without accents. */
const VERDICTS: Record<string, 'blank' | 'confirmed' | 'corrected' | 'gone'> = {
  '': 'blank',
  dung: 'confirmed',
  co: 'confirmed',
  x: 'confirmed',
  ok: 'confirmed',
  sua: 'corrected',
  sai: 'corrected',
  'khong co': 'gone',
  'khong con': 'gone',
}

/** A point is surveyed when its accuracy is stated and good, and who measured it and when. */
function readPoint(lat: string, lon: string, accuracy: string, signed: boolean): HouseholdPoint | null {
  const read = readMeasured(lat, lon, accuracy)
  if (read === null) return null
  const { metres } = read
  const surveyed = signed && metres !== null && metres <= SURVEYED
  return {
    lat: read.lat,
    lon: read.lon,
    source: surveyed ? 'surveyed' : 'given',
    accuracy: metres ?? SURVEYED,
  }
}

/** ISO date of "2026-11-20" or "20/11/2026": a day of the calendar, today in Viet Nam at the latest. */
function readDate(text: string): string {
  const [, d, m, y] = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(text) ?? []
  const iso = y ? `${y}-${m!.padStart(2, '0')}-${d!.padStart(2, '0')}` : text.slice(0, 10)
  if (!isDay(iso)) throw new BadRow('bad-date')
  if (iso > new Date(Date.now() + VIET_NAM).toISOString().slice(0, 10)) throw new BadRow('date-in-future')
  return iso
}

/** Milliseconds that clocks in Viet Nam are ahead of UTC. */
const VIET_NAM = 7 * 3_600_000
