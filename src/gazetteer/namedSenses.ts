import type { Sense } from './senses.ts'
import type { Province } from './types.ts'

/** A unit under one of its names. */
export interface NamedSense {
  readonly sense: Sense
  /** Each syllable of the name with its marks, as `Token.accent`; one list for all units that are spelled so. */
  readonly accents: readonly string[]
  /** The current province in which a district or commune of any era lies; null for provinces. */
  readonly home: Province | null
}

/** The levels of units as bits. */
export const LEVEL: Record<Sense['level'], number> = { province: 1, district: 2, commune: 4 }
const LEVEL_SETS = 8

/** Every unit that one name can mean. "Tân Thành" means sixty, so parts of the list are made once and kept. */
export class NamedSenses {
  readonly all: readonly NamedSense[]
  private levels = 0
  private ofLevelSets: (NamedSenses | null | undefined)[] | null = null
  private provinceSenses: readonly NamedSense[] | null = null
  private homesOfDistricts: readonly Province[] | null = null
  private byHome: Map<Province, readonly NamedSense[] | null> | null = null

  constructor(all: readonly NamedSense[]) {
    this.all = all
    for (const { sense } of all) this.levels |= LEVEL[sense.level]
  }

  /** Those of some levels; null when there is none. */
  ofLevels(levels: number): NamedSenses | null {
    if ((this.levels & ~levels) === 0) return this
    this.ofLevelSets ??= new Array(LEVEL_SETS).fill(undefined)
    let some = this.ofLevelSets[levels]
    if (some === undefined) {
      const fitting = this.all.filter(({ sense }) => (LEVEL[sense.level] & levels) !== 0)
      some = fitting.length > 0 ? new NamedSenses(fitting) : null
      this.ofLevelSets[levels] = some
    }
    return some
  }

  get provinces(): readonly NamedSense[] {
    this.provinceSenses ??= this.all.filter(({ home }) => home === null)
    return this.provinceSenses
  }

  /** The current provinces of the districts of this name. */
  get districtHomes(): readonly Province[] {
    this.homesOfDistricts ??= this.all.flatMap(({ sense, home }) =>
      sense.level === 'district' && home ? [home] : [],
    )
    return this.homesOfDistricts
  }

  /** Without the districts and communes of other provinces than these; null when none of these has one. */
  inHomes(homes: ReadonlySet<Province>): readonly NamedSense[] | null {
    if (homes.size !== 1) return this.findIn(homes)
    const [home] = homes as ReadonlySet<Province> & [Province]
    this.byHome ??= new Map()
    let some = this.byHome.get(home)
    if (some === undefined) {
      some = this.findIn(homes)
      this.byHome.set(home, some)
    }
    return some
  }

  private findIn(homes: ReadonlySet<Province>): readonly NamedSense[] | null {
    if (!this.all.some(({ home }) => home && homes.has(home))) return null
    return this.all.filter(({ home }) => home === null || homes.has(home))
  }
}
