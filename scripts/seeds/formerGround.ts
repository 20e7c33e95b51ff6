import { scaleAt } from '../../src/geo/flatEarth.ts'

/** A point whose former commune is known. Degrees WGS 84. */
export interface Witness {
  /** Of former-communes.csv. */
  readonly code: string
  readonly lat: number
  readonly lon: number
  /** How much it says: 1 = a mapped address that names its ward. */
  readonly weight: number
}

/** So many of the nearest witnesses are heard, of the strong ones and of the weak ones. */
const STRONG_HEARD = 12
const WEAK_HEARD = 25
const STRONG = 1
/** Metres: nearer than this, distance says little. */
const NEAR = 150

/**
 * Which former commune a point of a current one lay in, told by the nearest points that are known: no map of the former
 * borders is at hand. Of 1,277 addresses of hcmc-points.csv 85 % get their ward.
 */
export class FormerGround {
  private readonly witnesses = new Map<string, { strong: Witness[]; weak: Witness[] }>()
  private readonly successors: ReadonlyMap<string, readonly string[]>

  /** @param successors the current communes of each former one. */
  constructor(successors: ReadonlyMap<string, readonly string[]>) {
    this.successors = successors
  }

  /** A witness speaks in every commune that took a part of its own. */
  add(witness: Witness): void {
    for (const commune of this.successors.get(witness.code) ?? []) {
      const heard = this.witnesses.get(commune) ?? { strong: [], weak: [] }
      this.witnesses.set(commune, heard)
      heard[witness.weight >= STRONG ? 'strong' : 'weak'].push(witness)
    }
  }

  /** The former communes that a point of `commune` may have lain in, as shares that add up to 1; empty when nothing is known. */
  at(commune: string, lat: number, lon: number): Map<string, number> {
    const heard = this.witnesses.get(commune)
    const shares = new Map<string, number>()
    if (!heard) return shares
    let sum = 0
    for (const [list, most] of [
      [heard.strong, STRONG_HEARD],
      [heard.weak, WEAK_HEARD],
    ] as const)
      for (const { code, weight, metres } of nearest(list, most, lat, lon)) {
        const say = weight / (metres + NEAR) ** 3
        sum += say
        shares.set(code, (shares.get(code) ?? 0) + say)
      }
    for (const [code, share] of shares) shares.set(code, share / sum)
    return shares
  }
}

/** The nearest `most` of a list, with their distance, nearest first. */
function nearest(witnesses: readonly Witness[], most: number, lat: number, lon: number) {
  const scale = scaleAt(lat)
  const kept: { code: string; weight: number; metres: number }[] = []
  for (const { code, weight, lat: y, lon: x } of witnesses) {
    const east = (x - lon) * scale.x
    const north = (y - lat) * scale.y
    // not Math.hypot, which is slow: this runs some hundred million times
    const metres = Math.sqrt(east * east + north * north) * 1e6
    if (kept.length === most && metres >= kept[most - 1]!.metres) continue
    let at = kept.length
    while (at > 0 && kept[at - 1]!.metres > metres) at--
    kept.splice(at, 0, { code, weight, metres })
    if (kept.length > most) kept.pop()
  }
  return kept
}
