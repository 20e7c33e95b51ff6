import { oneAtATime } from '../access/keyRing.ts'
import type { Era, Gazetteer } from '../gazetteer/types.ts'
import { possibleCurrent, possibleFormer } from '../match/possible.ts'
import type { Understanding } from '../match/types.ts'
import type { Crosswalk, CrosswalkReader } from '../registry/crosswalks/store.ts'
import { z } from './params.ts'
import { era } from './schemas.ts'
import { type UnitEntry, unitIndex } from './unitIndex.ts'

/** Milliseconds between two looks for changes: what is loaded holds within a second. */
const EVERY = 500

const LEVELS = { 5: 'commune', 3: 'district', 2: 'province' } as const
type Level = UnitEntry['level']

/** A scheme ready for look-ups. */
interface Scheme {
  scheme: string
  asOf: string | null
  /** Milliseconds since 1970. */
  loadedAt: number
  /** The smallest level that it lists: what an address is given the id of. */
  level: Level
  /** The eras of which it lists units of that level. */
  eras: ReadonlySet<Era>
  find(era: Era, code: string): { id: string; name: string } | undefined
}

/** The crosswalks of a serving process, in its memory. */
export interface Crosswalks {
  readonly schemes: readonly Scheme[]
  /** Another one after every change. */
  readonly version: number
}

/**
 * Reads the crosswalks, and again whenever they changed. While the database cannot be asked they stay as they were read last;
 * `failed` is told, once until it can again.
 */
export async function openCrosswalks(store: CrosswalkReader, failed: (error: unknown) => void) {
  const found = { schemes: [] as Scheme[], version: Number.NaN }
  async function refresh(): Promise<void> {
    const version = await store.crosswalksVersion()
    if (version === found.version) return
    found.schemes = (await store.crosswalks()).map(schemeOf)
    found.version = version
  }
  await refresh()
  const run = oneAtATime(refresh, failed)
  const timer = setInterval(() => void run(), EVERY).unref()
  return {
    crosswalks: found as Crosswalks,
    async close() {
      clearInterval(timer)
      await run()
    },
  }
}

function schemeOf({ scheme, asOf, loadedAt, entries }: Crosswalk): Scheme {
  const levels = new Set(entries.map(({ code }) => LEVELS[code.length as keyof typeof LEVELS]))
  const level = levels.has('commune') ? 'commune' : levels.has('district') ? 'district' : 'province'
  const ofLevel = entries.filter(({ code }) => LEVELS[code.length as keyof typeof LEVELS] === level)
  const units = new Map(entries.map(({ era, code, id, name }) => [`${era} ${code}`, { id, name }]))
  return {
    scheme,
    asOf,
    loadedAt,
    level,
    eras: new Set(ofLevel.map(({ era }) => era)),
    find: (era, code) => units.get(`${era} ${code}`),
  }
}

export const crosswalkAnswers = z
  .array(
    z
      .strictObject({
        scheme: z.string(),
        asOf: z.string().nullable().openapi({ description: "The date of the scheme's list" }),
        id: z.string().nullable().openapi({ description: 'As the scheme writes it' }),
        name: z.string().nullable().openapi({ description: 'As the scheme writes it' }),
        unit: z.strictObject({ era, code: z.string() }).nullable().openapi({
          description: 'The unit that the id is of: one of before July 2025 where the scheme lists those',
        }),
        reason: z.enum(['not-listed', 'several', 'unit-unknown']).nullable().openapi({
          description:
            'Why there is no id: the scheme does not list the unit, several of its units are possible, or the unit is not known',
        }),
      })
      .openapi('CrosswalkId'),
  )
  .openapi({ description: 'One entry a scheme that the operator has loaded (`import crosswalk`)' })
type Answer = z.infer<typeof crosswalkAnswers>[number]

/** What each scheme calls the unit of an address; a scheme that lists units of both eras by those of today first. */
export function crosswalksOfAddress(
  { schemes }: Crosswalks,
  read: Understanding,
  gazetteer: Gazetteer,
): Answer[] {
  return schemes.map((scheme) => {
    const { level, eras } = scheme
    const current = () =>
      possibleCurrent(read).map((place) => (level === 'district' ? undefined : place[level]?.code))
    const former = () => possibleFormer(read, gazetteer).map((place) => place[level]?.code)
    const today = eras.has('current') ? among(scheme, 'current', current()) : null
    if (today && (today.reason !== 'not-listed' || !eras.has('former'))) return today
    return among(scheme, 'former', former())
  })
}

/** What each scheme calls a unit, by itself or else by those of its level in the other era that it came from or went to. */
export function crosswalksOfUnit({ schemes }: Crosswalks, entry: UnitEntry, gazetteer: Gazetteer): Answer[] {
  const index = unitIndex(gazetteer)
  return schemes.map((scheme) => {
    const own = among(scheme, entry.era, [entry.unit.code])
    if (own.id !== null) return own
    const other = entry.era === 'current' ? 'former' : 'current'
    const related = entry.era === 'current' ? index.sourcesOf(entry) : index.successorsOf(entry)
    const codes = related.flatMap((one) => (one.entry.level === entry.level ? [one.entry.unit.code] : []))
    return codes.some((code) => scheme.find(other, code)) ? among(scheme, other, codes) : own
  })
}

/** The one id of all units that are possible. */
function among({ scheme, asOf, find }: Scheme, era: Era, codes: readonly (string | undefined)[]): Answer {
  const none = (reason: Answer['reason']) => ({ scheme, asOf, id: null, name: null, unit: null, reason })
  const [first] = codes
  if (codes.length === 0 || codes.includes(undefined)) return none('unit-unknown')
  const found = new Set(codes.map((code) => find(era, code!)?.id))
  if (found.size > 1) return none('several')
  const unit = find(era, first!)
  return unit ? { scheme, asOf, ...unit, unit: { era, code: first! }, reason: null } : none('not-listed')
}
