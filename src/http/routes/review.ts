import { setImmediate } from 'node:timers/promises'
import { NOTHING_KNOWN } from '../../locate/door/findDoor.ts'
import { knownNear } from '../../locate/door/knownNear.ts'
import { locateIn } from '../../locate/door/locateAddress.ts'
import { DOUBT_KINDS } from '../../registry/doubts/store.ts'
import { SEEN } from '../../registry/observations/store.ts'
import { MOST_ALIKE, REVIEW_REASONS } from '../../registry/review/queue.ts'
import { VERDICTS } from '../../registry/sample/store.ts'
import type { PlaceFilter } from '../../registry/types.ts'
import { precision } from '../doorSchema.ts'
import { setEtag } from '../households/etag.ts'
import { idParams, readId } from '../households/id.ts'
import { reaches, requireScope } from '../households/scope.ts'
import { fullHousehold, fullView } from '../households/view.ts'
import { numberParam, z } from '../params.ts'
import { readPlace } from '../places.ts'
import { Problem } from '../problems.ts'
import { type Context, defineRoute } from '../route.ts'
import { householdId, lat, lon, metres, time } from '../schemas.ts'

const DEFAULT_LIMIT = 50
const MOST = 500

const share = z.number().openapi({ description: '0 to 1' })
const doubt = z
  .strictObject({
    kind: z.enum(DOUBT_KINDS),
    other: householdId
      .nullable()
      .openapi({ description: 'The other household of a pair; null also when the scope does not hold it' }),
    score: share,
    reason: z.string().openapi({ description: 'What speaks for it', example: 'same-door' }),
    metres: metres.nullable(),
    foundAt: time,
  })
  .openapi('Doubt', { description: 'A finding about a household that is no fact: it waits for a person' })

const entry = {
  household: fullHousehold,
  reasons: z.array(z.string()).openapi({
    description: 'Why it is in review; empty when only findings wait',
    example: ['split-commune'],
  }),
  doubts: z.array(doubt),
}
const reviewEntry = z.strictObject(entry).openapi('ReviewEntry')

export const reviewQueueRoute = defineRoute({
  method: 'get',
  path: '/v1/review',
  operationId: 'listReview',
  access: 'registry',
  tag: 'households',
  summary: 'What waits for a decision: households in review, then findings, the likeliest first',
  description: 'Of the places of the key. What was decided is no longer here: ask again for what follows.',
  query: z.strictObject({
    province: z.string().max(2).optional().openapi({ description: 'Only this province', example: '01' }),
    commune: z.string().max(5).optional().openapi({ description: 'Only this commune', example: '00070' }),
    reason: z
      .enum(REVIEW_REASONS as [string, ...string[]])
      .optional()
      .openapi({ description: 'Only this reason of review, or this kind of finding' }),
    limit: numberParam({ min: 1, max: MOST, integer: true })
      .optional()
      .openapi({ description: `At most; ${DEFAULT_LIMIT} when not given` }),
  }),
  answer: z.strictObject({
    entries: z.array(reviewEntry),
    more: z.boolean().openapi({ description: 'There are at least as many as were asked for' }),
  }),
  problems: ['unknown-parameter', 'bad-parameter', 'unknown-unit', 'outside-scope'],
  examples: [{ query: { province: '01', limit: '5' } }],
  async handle({ query: { reason, limit = DEFAULT_LIMIT, ...asked } }, context) {
    const { households, gazetteer, caller } = context
    const entries: z.infer<typeof reviewEntry>[] = []
    for (const place of placesOf(asked, context)) {
      const found = await households.queue({ place, reason, limit: limit - entries.length })
      // What lies in two places of a scope comes once, and of a province in two scopes only what is inside.
      for (const { household, reasons, doubts } of found)
        if (reaches(caller, household) && !entries.some((one) => one.household.id === household.id))
          entries.push({
            household: fullView(household, gazetteer),
            reasons,
            doubts: await Promise.all(doubts.map((doubt) => withinScope(doubt, context))),
          })
      if (entries.length >= limit) break
      // A key can have thousands of communes: others are answered between two of them.
      await setImmediate()
    }
    return { entries, more: entries.length >= limit }
  },
})

/** Names the other household only where the scope of the key holds it. */
async function withinScope<T extends { other: string | null }>(
  found: T,
  { households, caller }: Pick<Context, 'households' | 'caller'>,
): Promise<T> {
  if (found.other === null || caller.scope === null) return found
  const other = await households.household(found.other)
  return other && reaches(caller, other) ? found : { ...found, other: null }
}

/** Where to look: the place asked for, else the places of the key. Throws a Problem. */
function placesOf(
  asked: { province?: string | undefined; commune?: string | undefined },
  { gazetteer, caller }: Context,
): (PlaceFilter | null)[] {
  const { province, commune } = readPlace(asked, gazetteer)
  if (province) {
    const place = { provinceCode: province.code, communeCode: commune?.code ?? null }
    const inside = caller.scope?.filter((code) => gazetteer.commune(code)?.province === province) ?? []
    if (reaches(caller, { ...place, communeCode: place.communeCode ?? '' })) return [place]
    // A clerk of some communes who asks for the province is told of these.
    if (!commune && inside.length > 0)
      return inside.map((communeCode) => ({ provinceCode: province.code, communeCode }))
    throw new Problem('outside-scope')
  }
  if (caller.scope === null) return [null]
  return caller.scope.flatMap((code): PlaceFilter[] => {
    const commune = gazetteer.commune(code)
    if (commune) return [{ provinceCode: commune.province.code, communeCode: code }]
    return code.length === 2 ? [{ provinceCode: code, communeCode: null }] : []
  })
}

const finding = z.union([
  z.strictObject({
    kind: z.literal('house'),
    communeCode: z.string(),
    point: z.strictObject({ lat, lon, accuracy: metres }).nullable(),
  }),
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('same-as'), other: householdId.nullable() }),
])

const reviewCase = z
  .strictObject({
    ...entry,
    spans: z
      .array(z.strictObject({ part: z.string(), text: z.string(), start: z.int(), end: z.int() }))
      .openapi({
        description:
          'Every word of `text` by the part that it was taken for: houseNumber, alley, street, group, hamlet, units (of administration), ..., unexplained',
      }),
    candidates: z
      .array(
        z.strictObject({
          communeCode: z.string(),
          communeName: z.string(),
          provinceName: z.string(),
          formerCommuneCode: z.string().nullable(),
          confidence: share.nullable(),
          reason: z.string().openapi({ description: 'point: only its point lies there' }),
          lat,
          lon,
          precision,
          accuracy: metres,
        }),
      )
      .openapi({
        description:
          'The communes that its text can mean, best first; the point is where its address would be in each, at worst the middle of the commune',
      }),
    alike: z
      .array(fullHousehold)
      .openapi({ description: `Those that may be the same home; at most ${MOST_ALIKE}` }),
    checks: z.array(
      z.strictObject({
        round: z.int(),
        at: time,
        actor: z.string(),
        verdict: z.enum(VERDICTS),
        metres: metres.nullable(),
        found: finding.nullable(),
        undoneAt: time.nullable(),
      }),
    ),
    observations: z.array(
      z.strictObject({
        actor: z.string(),
        at: time,
        found: z.enum(SEEN),
        point: z.strictObject({ lat, lon, accuracy: metres }).nullable(),
      }),
    ),
  })
  .openapi('ReviewCase')

export const reviewCaseRoute = defineRoute({
  method: 'get',
  path: '/v1/households/{id}/review',
  operationId: 'getReviewCase',
  tagged: true,
  access: 'registry',
  tag: 'households',
  summary: 'All that a person needs to decide about a household',
  description: 'With the ETag of the household, which the decision needs as If-Match.',
  params: idParams,
  answer: reviewCase,
  problems: ['mistyped-household-id', 'unknown-household', 'outside-scope'],
  examples: [],
  async handle({ params }, { households, gazetteer, caller, res }) {
    const id = readId(params)
    const found = await households.versioned(id)
    if (!found) throw new Problem('unknown-household')
    requireScope(caller, found.household)
    const { household, candidates, alike, doubts, checks, ...rest } = (await households.reviewCase(
      id,
      gazetteer,
    ))!
    setEtag(res, found.version, 'full')
    const seen = { households, caller }
    return {
      household: fullView(household, gazetteer),
      ...rest,
      doubts: await Promise.all(doubts.map((doubt) => withinScope(doubt, seen))),
      checks: await Promise.all(
        checks.map(async ({ found, ...check }) => ({
          ...check,
          found: found?.kind === 'same-as' ? await withinScope(found, seen) : found,
        })),
      ),
      candidates: await Promise.all(
        candidates.map(async (one) => {
          const commune = gazetteer.commune(one.communeCode)!
          const near = await knownNear({ communeCode: commune.code, parts: household.parts }, households)
          const { lat, lon, precision, accuracy } = locateIn(
            household.parts,
            commune,
            one.formerCommuneCode,
            gazetteer,
            near ?? NOTHING_KNOWN,
          )
          return { ...one, lat, lon, precision, accuracy }
        }),
      ),
      // Those of other offices are nobody's to read here.
      alike: alike.filter((other) => reaches(caller, other)).map((other) => fullView(other, gazetteer)),
    }
  },
})
