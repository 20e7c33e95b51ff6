import type { CurrentCommune, Era, Gazetteer } from '../gazetteer/types.ts'
import type { OldPostcode } from './store.ts'

export interface PostcodeTable {
  entries: OldPostcode[]
  /** Rows that cannot be used, with their line. */
  faults: { line: number; reason: string }[]
}

const DATE = /^\d{4}-\d{2}-\d{2}$/
/** The day on which the units of June 2025 ended. */
const UNITS_OF_TODAY = '2025-07-01'

/**
 * Reads the rows of a table of old postcodes: postcode, commune_code, and where known era (current or former), from and
 * until (ISO dates, until not included) and source. A commune of June 2025 stands for all communes of today that it
 * became. Without an era a postcode that ended by 1 July 2025 is one of June 2025's units, another one of today's.
 */
export function readPostcodes(
  rows: readonly Readonly<Record<string, string>>[],
  gazetteer: Gazetteer,
  defaultSource: string,
): PostcodeTable {
  const table: PostcodeTable = { entries: [], faults: [] }
  for (const [i, row] of rows.entries()) {
    const cell = (name: string) => row[name]?.trim() ?? ''
    const fault = (reason: string) => table.faults.push({ line: i + 2, reason })
    const [postcode, code, from, until] = ['postcode', 'commune_code', 'from', 'until'].map(cell) as [
      string,
      string,
      string,
      string,
    ]
    const era = cell('era') || (until !== '' && until <= UNITS_OF_TODAY ? 'former' : 'current')
    if (!/^\d{5}$/.test(postcode)) fault(`postcode "${postcode}" is not five digits`)
    else if (era !== 'current' && era !== 'former') fault(`era "${era}" is not current or former`)
    else if ([from, until].some((date) => date !== '' && !DATE.test(date)))
      fault(`from "${from}" or until "${until}" is no date like 2025-07-01`)
    else {
      const communes = communesOf(code, era, gazetteer)
      if (communes.length === 0) fault(`commune_code "${code}" is no commune of that time`)
      for (const commune of communes)
        table.entries.push({
          postcode,
          communeCode: commune.code,
          from: from || null,
          until: until || null,
          source: cell('source') || defaultSource,
        })
    }
  }
  return table
}

function communesOf(code: string, era: Era, gazetteer: Gazetteer): CurrentCommune[] {
  if (era === 'former') return gazetteer.formerCommune(code)?.successors.map(({ current }) => current) ?? []
  const commune = gazetteer.commune(code)
  return commune ? [commune] : []
}
