import type { CurrentCommune, Gazetteer } from '../gazetteer/types.ts'
import { COMMUNE_REACH } from '../match/codePoint.ts'
import type { CommuneView, Issue, UnitView } from '../match/types.ts'
import { viewCommune, viewUnit } from '../match/views.ts'
import { parseVpostcode } from '../vpostcode/parse.ts'
import { type Cell, encodePlusCode } from '../vpostcode/pluscode.ts'
import { decodeVpostcode, formatVpostcode } from '../vpostcode/vpostcode.ts'
import { cellsOf } from './cell.ts'
import { locateCommune } from './commune.ts'
import { type Bounds, boundsOf, degrees, geoUri, issue } from './encode.ts'
import type { KnownHousehold, KnownHouseholds, OldCode } from './knownHouseholds.ts'
import { cellInProvince, cellOfOldPostcode, type Reissued } from './reissue.ts'
import { type Suggestion, suggest } from './suggest.ts'

/** Homes at one cell that an answer lists. */
const MOST_HOUSEHOLDS = 50

/**
 * current: households have it now. superseded: households had it once. unregistered: nobody has it, but it names a clear
 * place. mistyped: it names no place.
 */
type CodeStatus = 'current' | 'superseded' | 'unregistered' | 'mistyped'

/** Why a text is no code of a place. `household-id`: it has the form of an id, which no code has. */
type MistypedReason =
  | 'wrong-length'
  | 'household-id'
  | 'head-not-digits'
  | 'outside-alphabet'
  | 'unknown-postcode'
  | 'far-from-commune'

/** What tells homes in one cell apart. */
interface HouseholdAtCode {
  id: string
  status: KnownHousehold['status']
  unit: { building?: string; block?: string; floor?: string; unit?: string }
}

/** The answer to "what is this code". A superseded code answers with the place of the first code of today. */
export interface ResolvedCode {
  input: string
  status: CodeStatus
  reason: MistypedReason | null
  /** Canonical; null when the text has not the form of a code. */
  vpostcode: string | null
  formatted: string | null
  /** Centre of the cell, degrees WGS 84, seven decimals; null like all of the place when mistyped. */
  lat: number | null
  lon: number | null
  bounds: Bounds | null
  /** Centres of other cells that fit as well: possible in Truong Sa only, which is wider than a degree. */
  otherCells: { lat: number; lon: number }[]
  plusCode: string | null
  geo: string | null
  postcode: string | null
  commune: CommuneView | null
  /** Also known for an unknown postcode whose first two digits are a province's. */
  province: UnitView | null
  /** At most 50. */
  households: HouseholdAtCode[]
  /** What became of it, for households that had this code once. */
  superseded: OldCode[]
  /** One edit away, at most ten. For an unregistered code: registered ones only. */
  suggestions: Suggestion[]
  /**
   * For an unknown postcode: the codes of today of the cells in its province that end in the same seven characters; for
   * one that a commune had before: the code of today.
   */
  reissued: Reissued[]
  issues: Issue[]
}

interface ResolveDeps {
  gazetteer: Gazetteer
  /** null: no registry at hand; then no code is current or superseded. */
  households: KnownHouseholds | null
}

/** Answers for any text: lower case, blanks, hyphens and "+" are read, everything else is `mistyped` with its reason. */
export async function resolveCode(deps: ResolveDeps, input: string): Promise<ResolvedCode> {
  const { gazetteer, households } = deps
  const parsed = parseVpostcode(input)
  if (!parsed.ok) {
    const reason = HOUSEHOLD_ID.test(parsed.compact) ? 'household-id' : parsed.reason
    const suggestions = reason === 'household-id' ? [] : await suggest(parsed.compact, gazetteer, households)
    return { ...NOWHERE, input, reason, suggestions }
  }
  const { code, postcode } = parsed
  const commune = gazetteer.communeByPostcode(postcode)
  const known = { input, vpostcode: code, formatted: formatVpostcode(code), postcode }
  const old = (await households?.oldCodes(code, MOST_HOUSEHOLDS)) ?? []
  // After a merge in one cell the code of today is the old one.
  const superseded = old.filter(({ current }) => current !== code)
  const here = (await households?.atCode(code, MOST_HOUSEHOLDS)) ?? []
  if (here.length > 0) {
    const place = placeOf(code, registeredCells(code, here, commune, gazetteer), commune, gazetteer)
    return { ...NOWHERE, ...known, ...place, status: 'current', households: here.map(atCode), superseded }
  }
  const now = superseded.find(({ current }) => current !== null)?.current
  if (superseded.length > 0) {
    const { lat, lon, bounds, plusCode, geo, commune, province } = now
      ? await resolveCode(deps, now)
      : placeOfOld(code, superseded[0]!, gazetteer)
    const place = { lat, lon, bounds, plusCode, geo, commune, province }
    return { ...NOWHERE, ...known, ...place, status: 'superseded', superseded }
  }
  const farCell = commune && cellFarFrom(code, commune, gazetteer)
  if (!commune || farCell) {
    const before = await byOldPostcode(deps, code)
    if (before) return { ...NOWHERE, ...known, ...before, status: 'unregistered' }
  }
  if (!commune) {
    const province = gazetteer.provinceByPrefix(postcode.slice(0, 2))
    return {
      ...NOWHERE,
      ...known,
      reason: 'unknown-postcode',
      province: province ? viewUnit(province) : null,
      suggestions: await suggest(code, gazetteer, households),
      reissued: province ? cellInProvince(code, province, gazetteer) : [],
    }
  }
  const cells = cellsOf(code, commune, gazetteer)
  if (farCell) {
    const province = viewUnit(commune.province)
    const suggestions = await suggest(code, gazetteer, households)
    return {
      ...NOWHERE,
      ...known,
      reason: 'far-from-commune',
      commune: viewCommune(commune),
      province,
      suggestions,
    }
  }
  const place = placeOf(code, cells, commune, gazetteer)
  const suggestions = await suggest(code, gazetteer, households, true)
  return { ...NOWHERE, ...known, ...place, status: 'unregistered', suggestions }
}

/** Twelve digits with 0 or 1 in the sixth place: no code has that. */
const HOUSEHOLD_ID = /^[1-9]\d{4}[01]\d{6}$/

const NOWHERE: ResolvedCode = {
  input: '',
  status: 'mistyped',
  reason: null,
  vpostcode: null,
  formatted: null,
  lat: null,
  lon: null,
  bounds: null,
  otherCells: [],
  plusCode: null,
  geo: null,
  postcode: null,
  commune: null,
  province: null,
  households: [],
  superseded: [],
  suggestions: [],
  reissued: [],
  issues: [],
}

type Cells = [Cell, ...Cell[]]

/**
 * A registered code stands on the points of its households: their commune may have another boundary or postcode by now.
 * They lie in one cell; in Truong Sa two islets can share a code.
 */
function registeredCells(
  code: string,
  here: KnownHousehold[],
  commune: CurrentCommune | undefined,
  gazetteer: Gazetteer,
): Cells {
  const cells = here.flatMap(({ point }) => (point ? [decodeVpostcode(code, point)] : []))
  const [first, ...others] = new Map(cells.map((cell) => [geoUri(cell.lat, cell.lon), cell])).values()
  if (first) return [first, ...others]
  return cellsOf(code, commune ?? gazetteer.commune(here[0]!.communeCode)!, gazetteer)
}

/** Does no cell of the code lie within 500 m of the commune? */
function cellFarFrom(code: string, commune: CurrentCommune, gazetteer: Gazetteer): boolean {
  const [{ lat, lon }] = cellsOf(code, commune, gazetteer)
  return gazetteer.boundaries.distanceTo(commune.index, lat, lon, COMMUNE_REACH) > COMMUNE_REACH
}

/** The place of a code that nobody has by the postcodes of before; null when no commune had the postcode there. */
async function byOldPostcode({ gazetteer, households }: ResolveDeps, code: string) {
  const before = (await households?.oldPostcodes(code.slice(0, 5))) ?? []
  const communes = before.flatMap(({ communeCode }) => gazetteer.commune(communeCode) ?? [])
  const found = cellOfOldPostcode(code, communes, gazetteer)
  if (!found) return null
  const { commune, cell } = found
  const place = placeOf(code, [cell], commune, gazetteer)
  const vpostcode = commune.postcode + code.slice(5)
  return {
    ...place,
    reissued: [{ vpostcode, communeCode: commune.code, lat: place.lat, lon: place.lon }],
    issues: [...place.issues, issue('old-postcode', 'postcode', 'info', commune.postcode)],
  }
}

/** Of a code that no household has any more: its cell in the commune of its household, else in that of its head. */
function placeOfOld(code: string, { communeCode }: OldCode, gazetteer: Gazetteer) {
  const commune = gazetteer.commune(communeCode) ?? gazetteer.communeByPostcode(code.slice(0, 5))
  return commune ? placeOf(code, cellsOf(code, commune, gazetteer), commune, gazetteer) : NOWHERE
}

/** The place of a code: its commune is that of the head, also where the cell lies in the next one. */
function placeOf(
  code: string,
  [cell, ...others]: Cells,
  headCommune: CurrentCommune | undefined,
  gazetteer: Gazetteer,
) {
  const under = locateCommune(gazetteer, cell.lat, cell.lon)
  const commune = headCommune ?? under.commune
  const issues: Issue[] = []
  if (!under.commune) issues.push(issue('outside-coverage', 'point', 'warning', null))
  else if (under.commune !== commune)
    issues.push(issue('cell-in-neighbour', 'commune', 'info', under.commune.code))
  if (others.length > 0) issues.push(issue('several-cells', 'point', 'warning', null))
  return {
    lat: degrees(cell.lat),
    lon: degrees(cell.lon),
    bounds: boundsOf(cell),
    otherCells: others.map(({ lat, lon }) => ({ lat: degrees(lat), lon: degrees(lon) })),
    plusCode: encodePlusCode(cell.lat, cell.lon, 11),
    geo: geoUri(cell.lat, cell.lon),
    postcode: code.slice(0, 5),
    commune: commune && viewCommune(commune),
    province: commune && viewUnit(commune.province),
    issues,
  }
}

function atCode({ id, status, parts }: KnownHousehold): HouseholdAtCode {
  const { building, block, floor, unit } = parts
  return { id, status, unit: { building, block, floor, unit } }
}
