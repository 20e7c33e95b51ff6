import type { Gazetteer } from '../gazetteer/types.ts'
import type { CoveredPlace } from '../registry/coverage/coverage.ts'
import { Problem } from './problems.ts'

/** Where a query asks, by codes of today. Throws a Problem for a unit that is none, and for a commune of another province. */
export function readPlace(
  asked: { province?: string | undefined; commune?: string | undefined },
  gazetteer: Gazetteer,
): CoveredPlace {
  const commune = asked.commune === undefined ? null : gazetteer.commune(asked.commune)
  const province =
    asked.province === undefined ? commune?.province : gazetteer.province(asked.province, 'current')
  if (asked.province !== undefined && !province) throw unknownUnit('province')
  if (asked.commune !== undefined && (!commune || commune.province !== province)) throw unknownUnit('commune')
  return { province: province ?? null, commune: commune ?? null }
}

const unknownUnit = (name: string) =>
  new Problem('unknown-unit', {
    faults: [{ in: 'query', name, text: { en: 'is no unit of today', vi: 'không phải đơn vị hiện nay' } }],
  })
