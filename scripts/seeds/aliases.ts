import type { CsvRow } from '../../src/gazetteer/csv.ts'
import type { UnitType } from '../../src/gazetteer/types.ts'
import { TYPE_WORDS } from '../../src/gazetteer/unitTypes.ts'
import { asOfSource } from './asOf.ts'
import type { FormerUnits } from './former.ts'
import { fold } from './names.ts'
import { groupBy, readCsv } from './table.ts'

/** "An earlier commune written so went into that commune of June 2025." */
export interface Alias {
  provinceCode: string
  districtCode: string
  successor: string
  type: UnitType | null
  folded: string
  asOf: string
  source: string
}

/** A key of the list that names no unit of June 2025, and what it means. */
const REPAIRED_KEYS: Record<string, string> = {
  'huyenkonplong xangoctem': 'xangoktem',
}
const PREFIXES: [string, UnitType][] = [
  ['thitran', 'thi-tran'],
  ['tt', 'thi-tran'],
  ['phuong', 'phuong'],
  ['xa', 'xa'],
]

/**
 * The list of alias spellings, one entry per earlier commune: "phuong05", "p5", "f05" and "ward5" are one, and so are
 * "xasonnga" and "sonnga". Rows that only list misspellings of living communes ("typing") are left out.
 */
export function aliases(former: FormerUnits): Alias[] {
  const full = (unit: CsvRow, name = unit['name']!) => fold(TYPE_WORDS[unit['type'] as UnitType] + name)
  const provinces = new Map(former.provinces.map((unit) => [full(unit), unit.code]))
  const districts = new Map(
    former.districts.map((unit) => [`${unit.province_code} ${full(unit)}`, unit.code]),
  )
  const communes = groupBy(
    former.communes.flatMap((unit) =>
      [unit.name, unit.other_names]
        .filter(Boolean)
        .map((name) => ({ key: `${unit.district_code} ${full(unit, name)}`, unit })),
    ),
    ({ key }) => key,
  )

  const groups = new Map<
    string,
    { alias: Omit<Alias, 'type' | 'folded' | 'asOf' | 'source'>; rows: CsvRow[] }
  >()
  for (const row of readCsv('units/earlier-communes-2018-2024.csv')) {
    if (['typing', 'default'].includes(row['source']!)) continue
    const provinceCode = provinces.get(fold(row['province_key']!))!
    const districtCode = districts.get(`${provinceCode} ${fold(row['district_key']!)}`)!
    const wanted = REPAIRED_KEYS[`${row['district_key']} ${row['ward_key']}`] ?? row['ward_key']!.trim()
    const found = new Set((communes.get(`${districtCode} ${fold(wanted)}`) ?? []).map(({ unit }) => unit))
    const exact = [...found].filter((unit) => squeezed(unit) === wanted.normalize('NFC'))
    const successor = found.size === 1 ? [...found][0]! : exact[0]
    if (!successor) {
      console.log(`left out: ${row['district_key']} ${row['ward_key']} names no unit of June 2025`)
      continue
    }
    const group = groups.get(successor.code) ?? {
      alias: { provinceCode, districtCode, successor: successor.code },
      rows: [],
    }
    groups.set(successor.code, { ...group, rows: [...group.rows, row] })
  }
  return [...groups.values()].flatMap(({ alias, rows }) => named(rows).map((name) => ({ ...alias, ...name })))
}

const squeezed = (unit: CsvRow) =>
  `${TYPE_WORDS[unit['type'] as UnitType]}${unit['name']}`.toLowerCase().replace(/\s/g, '')

/** The rows of one successor, joined to one entry per earlier commune. */
function named(rows: CsvRow[]): Pick<Alias, 'type' | 'folded' | 'asOf' | 'source'>[] {
  const written = new Set(rows.map((row) => fold(row['alias_keyword']!)))
  const entries = new Map<string, Pick<Alias, 'type' | 'folded' | 'asOf' | 'source'>>()
  for (const row of rows) {
    const alias = fold(row['alias_keyword']!)
    const number = /^(?:phuong|ward|p|f)0*(\d+)$/.exec(alias)?.[1]
    const prefix = PREFIXES.find(([word]) => alias.startsWith(word) && alias.length > word.length)
    // "xasonnga" is the commune Sơn Nga when "sonnga" stands beside it, else the type is not certain
    const certain = prefix && written.has(alias.slice(prefix[0].length))
    if (!number && !certain && PREFIXES.some(([word]) => written.has(word + alias))) continue
    const type = number ? 'phuong' : certain ? prefix[1] : null
    const folded = number ?? (certain ? alias.slice(prefix[0].length) : alias)
    const asOf = asOfSource(row['source']!, row['year']!)
    const key = `${type} ${folded}`
    const before = entries.get(key)
    // several announcements name a commune again and again: the latest is the one that ended it
    if (!before || asOf > before.asOf) entries.set(key, { type, folded, asOf, source: row['source']! })
  }
  return [...entries.values()]
}

/** What an alias of uncertain type can mean: "xaanchau" is the commune An Châu or a name "Xa An Châu". */
export const readings = ({
  type,
  folded,
}: Pick<Alias, 'type' | 'folded'>): { type: UnitType | null; folded: string }[] =>
  type !== null
    ? [{ type, folded }]
    : [
        ...PREFIXES.filter(([word]) => folded.startsWith(word)).map(([word, type]) => ({
          type,
          folded: folded.slice(word.length),
        })),
        { type, folded },
      ]
