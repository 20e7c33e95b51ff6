import type { CurrentCommune, Gazetteer } from '../../gazetteer/types.ts'
import { LAST_DAY } from '../../match/former.ts'
import { MAX_INPUT, understandText } from '../../match/understand.ts'
import type { StoredHousehold } from '../store.ts'

/** A commune that a household in doubt may stand in. */
export interface CommuneCandidate {
  commune: CurrentCommune
  /** The former commune that the text names when it means this one. */
  formerCommuneCode: string | null
  /** 0 to 1; null for the commune in which only the point lies. */
  confidence: number | null
  /** Why it is offered: split-commune, several-communes, in-district, of-street, text, or point. */
  reason: string
}

/** The communes that the stored text can mean, best first, and the one in which its point lies. */
export function communeCandidates(
  { text, point, formerCommuneCode }: StoredHousehold,
  gazetteer: Gazetteer,
): CommuneCandidate[] {
  const { candidates, current, former, confidence } = understandText(text.slice(0, MAX_INPUT), gazetteer)
  const readings =
    candidates.length > 0 ? candidates : current ? [{ current, former, confidence, reason: 'text' }] : []
  const found = readings.flatMap((reading): CommuneCandidate[] => {
    const commune = reading.current.commune && gazetteer.commune(reading.current.commune.code)
    if (!commune) return []
    const june = reading.former?.asOf === LAST_DAY ? (reading.former.commune?.code ?? null) : null
    const { confidence, reason } = reading
    return [{ commune, formerCommuneCode: june ?? cameTo(formerCommuneCode, commune), confidence, reason }]
  })
  const here = point ? gazetteer.boundaries.communeAt(point.lat, point.lon) : -1
  const commune = gazetteer.communes[here]
  if (commune && !found.some((one) => one.commune === commune))
    found.push({
      commune,
      formerCommuneCode: cameTo(formerCommuneCode, commune),
      confidence: null,
      reason: 'point',
    })
  return found
}

/** The former commune when it, or a part of it, became this one. */
export const cameTo = (formerCommuneCode: string | null, { sources }: CurrentCommune): string | null =>
  sources.some(({ former }) => former.code === formerCommuneCode) ? formerCommuneCode : null
