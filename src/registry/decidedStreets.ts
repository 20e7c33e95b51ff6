import type { DecidedStreets } from '../match/hearDecided.ts'
import { streetOf } from './key.ts'
import { plainStreet } from './plainStreet.ts'

/** How many decided or verified households of a street of a former commune lie in a commune of today. */
export interface StreetDecision {
  formerCode: string
  /** As written. */
  street: string
  communeCode: string
  households: number
}

const place = (formerCode: string, street: string) => `${formerCode} ${streetOf(plainStreet(street))}`

/** Decisions as the engine asks for them: streets are compared as keys compare them, without accents and type words. */
export function decidedStreets(decisions: readonly StreetDecision[]): DecidedStreets {
  const found = new Map<string, Map<string, number>>()
  for (const { formerCode, street, communeCode, households } of decisions) {
    const at = place(formerCode, street)
    const counts = found.get(at) ?? new Map<string, number>()
    found.set(at, counts.set(communeCode, (counts.get(communeCode) ?? 0) + households))
  }
  return (formerCode, street) => {
    // Most registries have none.
    const counts = found.size > 0 ? found.get(place(formerCode, street)) : undefined
    return [...(counts ?? [])].map(([communeCode, households]) => ({ communeCode, households }))
  }
}
