import type { CsvRow } from '../gazetteer/csv.ts'
import type { Era, Gazetteer } from '../gazetteer/types.ts'
import { LAST_DAY } from '../match/former.ts'
import { inJune2025, possibleFormer } from '../match/possible.ts'
import type { Understanding, UnitView } from '../match/types.ts'
import { understandText } from '../match/understand.ts'
import { normalise } from '../pipeline/normalise.ts'
import { newRow } from '../pipeline/row.ts'
import type { CrosswalkEntry } from '../registry/crosswalks/store.ts'
import { fold, foldKeepingMarks } from '../text/tokens.ts'
import { FIELD_OF, headerKey, MappingError } from './columns.ts'

/** What a column of a carrier's list can hold: our unit by code (and era) or by names, the carrier's id and name. */
export const CROSSWALK_FIELDS = ['unit', 'era', 'commune', 'district', 'province', 'id', 'name'] as const
type Field = (typeof CROSSWALK_FIELDS)[number]
export type CrosswalkColumns = Partial<Record<Field, string>>

/** What a scheme may be called: it stands in answers. */
export const SCHEME = /^[a-z][a-z0-9-]{0,39}$/
/** Every answer about an address names each of them. */
export const MOST_SCHEMES = 20

const LONGEST_ID = 100
const LONGEST_NAME = 200

export interface CrosswalkReject {
  row: CsvRow
  /** In the file; the header is line 1. */
  line: number
  status: 'unmatched' | 'ambiguous'
  reason: string
}

/**
 * Finds the columns by `--map HEADER=FIELD` and by their headers. Throws `MappingError` when the id is not there, or nothing that
 * names a unit.
 */
export function crosswalkColumns(header: readonly string[], map: readonly string[]): CrosswalkColumns {
  const columns: CrosswalkColumns = {}
  for (const entry of map) {
    const cut = entry.lastIndexOf('=')
    const [column, field] = [entry.slice(0, Math.max(cut, 0)), entry.slice(cut + 1) as Field]
    if (!CROSSWALK_FIELDS.includes(field))
      throw new MappingError(`--map ${entry}: the field is one of ${CROSSWALK_FIELDS.join(', ')}.`)
    if (!header.includes(column)) throw new MappingError(`--map ${entry}: there is no column "${column}".`)
    columns[field] = column
  }
  const taken = new Set(Object.values(columns))
  for (const column of header) {
    // "WardName" is "ward name".
    const key = headerKey(column.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2'))
    const known = FIELD_OF.get(key) as Field | undefined
    const field = CROSSWALK_FIELDS.find((one) => one === key || (one !== 'unit' && one === known))
    if (field && columns[field] === undefined && !taken.has(column)) columns[field] = column
  }
  if (columns.id === undefined)
    throw new MappingError("No column has the carrier's id: name it with --map HEADER=id.")
  if ((columns.unit ?? columns.commune ?? columns.district ?? columns.province) === undefined)
    throw new MappingError(
      'No column names a unit: name one with --map HEADER=unit (its official code), or commune, district, province.',
    )
  return columns
}

/** What a row names: a unit of its time, or one that was gone by June 2025 and went into `code`. */
type Found = { era: Era; code: string; gone: boolean } | Pick<CrosswalkReject, 'status' | 'reason'>

/**
 * The rows of a carrier's list as units of ours with the carrier's id and name; what cannot be used comes back with its reason.
 * @param era of all units; null: that of the column, else the names tell it
 */
export function readCrosswalk(
  rows: readonly CsvRow[],
  columns: CrosswalkColumns,
  gazetteer: Gazetteer,
  era: Era | null,
): { entries: CrosswalkEntry[]; rejects: CrosswalkReject[] } {
  const cell = (row: CsvRow, field: Field) =>
    columns[field] === undefined ? '' : row[columns[field]]!.trim()
  // A spreadsheet drops leading zeros: then a code of three digits may be a commune's.
  const zerosLost = rows.some((row) => /^\d{4}$/.test(cell(row, 'unit')))
  const districts = rows.some((row) => cell(row, 'district') !== '')
  const units = new Map<string, Listed[]>()
  const rejects: CrosswalkReject[] = []
  for (const [i, row] of rows.entries()) {
    const line = i + 2
    const names = {
      commune: cell(row, 'commune'),
      district: cell(row, 'district'),
      province: cell(row, 'province'),
    }
    const id = cell(row, 'id')
    const name = cell(row, 'name') || names.commune || names.district || names.province
    const found = broken(id, name) ?? findUnit(cell(row, 'unit'), cell(row, 'era'), names)
    if ('status' in found) rejects.push({ row, line, ...found })
    else {
      const key = `${found.era} ${found.code}`
      units.set(key, [
        ...(units.get(key) ?? []),
        { entry: { era: found.era, code: found.code, id, name }, row, line, gone: found.gone },
      ])
    }
  }
  const entries: CrosswalkEntry[] = []
  for (const listed of units.values()) {
    const standing = listed.filter(({ gone }) => !gone)
    const chosen = standing.length > 0 ? standing : listed
    const ids = new Set(chosen.map(({ entry }) => entry.id))
    if (ids.size === 1) entries.push(chosen[0]!.entry)
    for (const { row, line, gone } of listed) {
      if (ids.size > 1)
        rejects.push({
          row,
          line,
          status: 'ambiguous',
          reason: `lines ${chosen
            .map((one) => one.line)
            .slice(0, 5)
            .join(', ')} name the same unit with other ids`,
        })
      else if (gone && standing.length > 0)
        rejects.push({
          row,
          line,
          status: 'unmatched',
          reason: `a unit gone before July 2025; line ${standing[0]!.line} has the one that took it over`,
        })
    }
  }
  return { entries, rejects: rejects.sort((a, b) => a.line - b.line) }

  function findUnit(code: string, eraCell: string, names: Names): Found {
    const wanted = eraCell || era
    if (wanted !== null && wanted !== 'current' && wanted !== 'former')
      return unmatched(`era "${eraCell}" is not current or former`)
    if (code !== '') return byCode(code, wanted)
    return byNames(names, wanted, districts, gazetteer)
  }

  function byCode(code: string, wanted: Era | null): Found {
    if (!/^\d{2,5}$/.test(code)) return unmatched(`unit "${code}" is no code of a unit`)
    if (wanted === null)
      return ambiguous('a code can name another unit in each era: give --era, or a column era')
    if (zerosLost && code.length < 4)
      return ambiguous(
        `leading zeros are lost in this file: "${code}" can be a province, district or commune`,
      )
    const padded = code.length === 4 ? `0${code}` : code
    const unit =
      padded.length === 2
        ? gazetteer.province(padded, wanted)
        : wanted === 'current'
          ? gazetteer.commune(padded)
          : padded.length === 3
            ? gazetteer.district(padded)
            : gazetteer.formerCommune(padded)
    return unit
      ? { era: wanted, code: unit.code, gone: false }
      : unmatched(`no ${wanted} unit has the code ${padded}`)
  }
}

interface Listed {
  entry: CrosswalkEntry
  row: CsvRow
  line: number
  gone: boolean
}
type Names = { commune: string; district: string; province: string }

const unmatched = (reason: string) => ({ status: 'unmatched' as const, reason })
const ambiguous = (reason: string) => ({ status: 'ambiguous' as const, reason })

function broken(id: string, name: string): Pick<CrosswalkReject, 'status' | 'reason'> | null {
  if (id === '') return unmatched('the id is empty')
  if (name === '') return unmatched('the name is empty')
  if (id.length > LONGEST_ID) return unmatched(`the id is longer than ${LONGEST_ID}`)
  if (name.length > LONGEST_NAME) return unmatched(`the name is longer than ${LONGEST_NAME}`)
  return /\p{Cc}/u.test(id + name) ? unmatched('the id or name holds control characters') : null
}

/** The unit that names mean, read like an address. `districts`: the file has a column of them, so that its provinces are former. */
function byNames(names: Names, wanted: Era | null, districts: boolean, gazetteer: Gazetteer): Found {
  const row = newRow(names)
  normalise(row, gazetteer)
  if (row.rejected)
    return unmatched(row.rejected === 'no-address' ? 'it names no unit' : 'the names are too long')
  if (names.commune === '' && names.district === '')
    return provinceOf(names.province, wanted ?? (districts ? 'former' : 'current'), gazetteer)
  const read = understandText(row.text, gazetteer, { formers: false, ...(wanted ? { era: wanted } : {}) })
  const isFormer =
    wanted === 'former' ||
    (wanted === null && [read, ...read.candidates].some(({ former }) => former?.commune != null))
  if (names.commune === '') return formerUnit(read, 'district', names.district, gazetteer)
  // Its candidates are all communes of the place then.
  if (read.issues.some(({ code }) => code === 'commune-unknown'))
    return unmatched(
      `no ${isFormer || names.district !== '' ? 'former commune' : 'commune of today'} has this name there`,
    )
  return isFormer ? formerUnit(read, 'commune', names.commune, gazetteer) : currentUnit(read, names.commune)
}

function currentUnit({ grade, current, candidates }: Understanding, name: string): Found {
  const communes = candidates.flatMap((one) => one.current.commune ?? [])
  const [only, ...others] = communes.length > 0 && grade === 'C' ? likeName(communes, name) : []
  if (others.length > 0) return ambiguous(several(communes))
  const found = only ?? (grade === 'C' ? null : current?.commune)
  return found
    ? { era: 'current', code: found.code, gone: false }
    : unmatched('no commune of today has this name there')
}

/** A former unit is sure although it was split since, so that several of today are possible. */
function formerUnit(
  read: Understanding,
  level: 'district' | 'commune',
  name: string,
  gazetteer: Gazetteer,
): Found {
  const places =
    level === 'commune' ? possibleFormer(read, gazetteer) : read.former ? inJune2025(read.former) : []
  const units = new Map(places.flatMap(({ [level]: unit }) => (unit ? [[unit.code, unit]] : [])))
  const [only, ...others] = likeName([...units.values()], name)
  if (!only) return unmatched(`no former ${level} has this name there`)
  if (others.length > 0) return ambiguous(several([...units.values()]))
  const stands = read.candidates.length > 1 || read.former === null || read.former.asOf === LAST_DAY
  return { era: 'former', code: only.code, gone: !stands }
}

/** A list writes names with their marks: of several units those that bear the very name, when there are any. */
function likeName(units: readonly UnitView[], name: string): readonly UnitView[] {
  const marked = foldKeepingMarks(name)
  const same = units.filter(
    (unit) => foldKeepingMarks(unit.fullName) === marked || foldKeepingMarks(unit.name) === marked,
  )
  return same.length > 0 ? same : units
}

function several(units: readonly UnitView[]): string {
  const names = [...new Set(units.map(({ fullName }) => fullName))]
  return `several units fit: ${names.slice(0, 3).join(', ')}${names.length > 3 ? ' ...' : ''}`
}

/** By its bare name or with its type word. */
function provinceOf(name: string, era: Era, gazetteer: Gazetteer): Found {
  const words = fold(name)
  const all = era === 'current' ? gazetteer.provinces : gazetteer.formerProvinces
  const found = all.find((one) => fold(one.name) === words || fold(one.fullName) === words)
  if (found) return { era, code: found.code, gone: false }
  const read = understandText(name, gazetteer, { era, formers: false })
  const province = era === 'current' ? read.current?.province : read.former?.province
  return province ? { era, code: province.code, gone: false } : unmatched(`no ${era} province has this name`)
}
