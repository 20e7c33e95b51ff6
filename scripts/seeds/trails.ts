import { type Alias, aliases, readings } from './aliases.ts'
import type { Commune2019 } from './communes2019.ts'
import type { FormerUnits } from './former.ts'
import { isClose } from './names.ts'
import { groupBy } from './table.ts'

/** Where a commune of 2019 went, from all sources together. */
export interface Trail {
  successors: Set<string>
  asOf: string
  sources: Set<string>
}

/** Where each commune of 2019 went, by its code: the earlier names of the second list, then the list of aliases. */
export function trails(communes: Commune2019[], former: FormerUnits): Map<string, Trail> {
  const trails = new Map<string, Trail>(
    communes.map(({ code }) => [code, { successors: new Set(), asOf: '', sources: new Set() }]),
  )
  for (const { code, formerNames } of former.wards)
    for (const earlier of formerNames ?? []) {
      const trail = trails.get(earlier.code!)!
      trail.successors.add(code)
      trail.sources.add('vietnam-address-kit')
    }

  const districtOf = new Map(former.communes.map((unit) => [unit.code, unit.district_code]))
  // the districts of 2019 whose communes stand in a district of June 2025 now
  const origins = new Map<string, Set<string>>()
  for (const { code, districtCode } of communes) {
    const now = districtOf.get(code)
    if (now) origins.set(now, (origins.get(now) ?? new Set()).add(districtCode))
  }
  const byProvince = groupBy(communes, (commune) => commune.provinceCode)
  for (const alias of aliases(former)) {
    const commune = meant(
      alias,
      byProvince.get(alias.provinceCode)!,
      origins.get(alias.districtCode) ?? new Set(),
      trails,
    )
    if (!commune) {
      console.log(`left out: alias ${alias.folded} of ${alias.successor} is no commune of 2019`)
      continue
    }
    const trail = trails.get(commune.code)!
    trail.successors.add(alias.successor)
    if (alias.asOf > trail.asOf) trail.asOf = alias.asOf
    trail.sources.add('vietnamadminunits')
  }
  return trails
}

/** The one commune of 2019 that an alias means; undefined when there is none or several are left. */
function meant(
  alias: Alias,
  inProvince: Commune2019[],
  origins: Set<string>,
  trails: Map<string, Trail>,
): Commune2019 | undefined {
  const near = inProvince.filter(
    (commune) => commune.districtCode === alias.districtCode || origins.has(commune.districtCode),
  )
  for (const choice of [near.filter((commune) => commune.districtCode === alias.districtCode), near])
    for (const { type, folded } of readings(alias)) {
      const found = choice.filter(
        (commune) => commune.folded === folded && (type === null || commune.type === type),
      )
      const known = found.filter((commune) => trails.get(commune.code)!.successors.has(alias.successor))
      if (found.length === 1 || known.length === 1) return known[0] ?? found[0]
    }
  const untyped = near.filter((commune) => readings(alias).some(({ folded }) => folded === commune.folded))
  if (untyped.length === 1) return untyped[0]
  // a spelling of its own ("trungvuong" for Trương Vương): the only commune in reach with at most two other letters
  const close = near.filter((commune) =>
    readings(alias).some(({ folded }) => isClose(folded, commune.folded)),
  )
  const known = close.filter((commune) => trails.get(commune.code)!.successors.has(alias.successor))
  return known.length === 1 ? known[0] : close.length === 1 ? close[0] : undefined
}
