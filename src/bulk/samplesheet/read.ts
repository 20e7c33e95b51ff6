import type { CurrentCommune, Gazetteer, Province } from '../../gazetteer/types.ts'
import { understandText } from '../../match/understand.ts'
import { ChangeRefused } from '../../registry/life/refused.ts'
import type { CheckById } from '../../registry/life.ts'
import { blind } from '../../registry/sample/blind.ts'
import type { StoredHousehold } from '../../registry/store.ts'
import {
  BadRow,
  isOurs,
  plain,
  plainId,
  type ReadReturned,
  type Returned,
  readMeasured,
  readReturned,
} from '../worklist/returned.ts'
import { HEADER } from './sheet.ts'

/** Metres that a measured point is taken to be good for when it is not said. */
const ACCURACY = 15

/**
 * What became of a row of a returned sheet: recorded; unchanged (recorded before); blank; gone (the household ended since
 * and dropped out of the sample). What a check found is not told: the next one would know.
 */
type Outcome = 'recorded' | 'unchanged' | 'blank' | 'gone'

/** Reads a returned sheet row by row. Throws FileRefused, UnreadableFile. */
export const readSampleSheet = (options: ReadReturned): Promise<Returned<Outcome>> =>
  readReturned(options, HEADER, (household, cells) => readRow(household, cells, options))

async function readRow(
  household: StoredHousehold,
  cells: readonly string[],
  { life, ids, gazetteer, actor }: ReadReturned,
): Promise<Outcome> {
  const [, roundText, address, , , result, communeText, lat, lon, accuracy, otherText, checker] =
    cells as string[]
  if (cells.slice(5).every((cell) => cell === '')) return 'blank'
  if (!/^\d{1,6}$/.test(roundText!)) throw new BadRow('bad-round')
  const round = Number(roundText)
  // Of an erased one nothing is there to compare.
  if (household.status !== 'historical') {
    const ours = blind(household, { round }, ids, gazetteer).address
    // Sorting some columns and not others moves ids to other homes.
    if (!isOurs(address!, ours)) throw new BadRow('address-of-another-household')
  }
  const kind = RESULTS[plain(result!)]
  if (kind === undefined) throw new BadRow('bad-result')
  let found: CheckById['found'] = { kind: 'none' }
  if (kind === 'same-as') {
    const other = plainId(otherText!)
    if (ids.nOf(other) === null) throw new BadRow('bad-household-id')
    found = { kind, other }
  } else if (kind === 'house') {
    const point = readMeasured(lat!, lon!, accuracy!)
    const commune = communeText === '' ? null : readCommune(communeText!, household.provinceCode, gazetteer)
    found = {
      kind,
      communeCode: commune?.code ?? null,
      point: point && { lat: point.lat, lon: point.lon, accuracy: point.metres ?? ACCURACY },
    }
  }
  try {
    return (await life.check({ actor: checker || actor }, ids.idOf(household.n), { round, found }))
      ? 'recorded'
      : 'unchanged'
  } catch (error) {
    const ended = error instanceof ChangeRefused && ['historical', 'erased'].includes(error.code)
    // Another household of the row may be the one that ended.
    if (ended && household.status === 'historical') return 'gone'
    throw error
  }
}

/** What people write under "Kết quả", without accents; coordinates alone say that the house is there. */
const RESULTS: Record<string, CheckById['found']['kind']> = {
  '': 'house',
  co: 'house',
  dung: 'house',
  x: 'house',
  ok: 'house',
  'khong co': 'none',
  'khong con': 'none',
  trung: 'same-as',
}

/** A commune of today by its code, or by its name in the province. */
function readCommune(text: string, provinceCode: string, gazetteer: Gazetteer): CurrentCommune {
  const province: Province | undefined = gazetteer.province(provinceCode, 'current')
  const named = () =>
    understandText(`${text.slice(0, 100)}, ${province?.fullName ?? ''}`, gazetteer, { era: 'current' })
  const code = /^\d{1,5}$/.test(text) ? text.padStart(5, '0') : sureCommune(named())
  const commune = code === null ? undefined : gazetteer.commune(code)
  if (!commune) throw new BadRow('unknown-commune')
  return commune
}

const sureCommune = ({ current, grade }: ReturnType<typeof understandText>): string | null =>
  grade === 'A' || grade === 'B' ? (current?.commune?.code ?? null) : null
