import type { By, Life } from '../../registry/life.ts'
import type { Household, HouseholdDraft } from '../../registry/types.ts'
import { isPrintable } from '../../text/invisible.ts'
import { address, entryPoint, placeInput, readDraft, UNPRINTABLE } from '../households/entry.ts'
import { readIfMatch, setEtag } from '../households/etag.ts'
import { idParams, otherId, readId } from '../households/id.ts'
import { refusing } from '../households/refusal.ts'
import { reaches, requireScope } from '../households/scope.ts'
import { externalId, fullHousehold, fullView } from '../households/view.ts'
import { z } from '../params.ts'
import { Problem, type ProblemCode, type Text } from '../problems.ts'
import { type Context, defineRoute, type Route } from '../route.ts'

const reason = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .refine(isPrintable, { params: UNPRINTABLE })
  .openapi({ description: 'Kept with the event, so name no person', example: 'seen on site' })
const because = { reason: reason.optional() }
const forAReason = { reason }
const externalIds = z.array(externalId).max(20).optional()

const answer = z
  .strictObject({
    household: fullHousehold,
    related: z.array(fullHousehold).openapi({ description: 'The other households that were changed' }),
  })
  .openapi('HouseholdChange')

const PROBLEMS: ProblemCode[] = [
  'unknown-parameter',
  'bad-parameter',
  'outside-scope',
  'refused',
  'unusable-change',
  'busy',
]

/** Carries out one change and answers the households as they are after it, the first with its ETag. */
async function carryOut(
  context: Context,
  { reason, versions }: { reason?: string | undefined; versions?: string[] },
  change: (life: Life, by: By) => Promise<Household[]>,
): Promise<z.infer<typeof answer>> {
  const { caller, gazetteer, households, life, res } = context
  const mayTouch: By['mayTouch'] = caller.scope === null ? undefined : (place) => reaches(caller, place)
  const by = { actor: caller.name!, reason: reason ?? null, versions, mayTouch }
  const [first, ...related] = await refusing(change(life, by), context)
  const now = (await households.versioned(first!.id))!
  setEtag(res, now.version, 'full')
  return {
    household: fullView(now.household, gazetteer),
    related: related.map((household) => fullView(household, gazetteer)),
  }
}

/** Reads an address that is to be written, which must lie where the key may write. */
function readEntry(
  entry: Parameters<typeof readDraft>[0],
  { gazetteer, caller }: Pick<Context, 'gazetteer' | 'caller'>,
): HouseholdDraft {
  const draft = readDraft(entry, gazetteer)
  requireScope(caller, draft)
  return draft
}

const registerRoute = defineRoute({
  method: 'post',
  path: '/v1/households',
  operationId: 'registerHousehold',
  access: 'write',
  tag: 'households',
  summary: 'Enter a household',
  description:
    'Refused when a household of this address is there: `households` names it. What leaves a doubt (`review`) is entered and waits for a decision. Give a number in `externalIds` and the same request once more enters nothing: it is refused as `external-id-taken` with the household of the first.',
  body: z.strictObject({ address, point: entryPoint.optional(), externalIds, ...because }),
  answer,
  status: 201,
  problems: [...PROBLEMS, 'input-too-long', 'unusable-address'],
  examples: [
    {
      body: {
        address: '20 Hàng Trống, phường Hoàn Kiếm, Hà Nội',
        point: { lat: 21.0313, lon: 105.8492, accuracy: 4, surveyed: true },
        externalIds: [{ scheme: 'office', value: 'HK-20' }],
        reason: 'new house',
      },
    },
  ],
  async handle({ body: { externalIds = [], reason, ...entry } }, context) {
    const draft = readEntry(entry, context)
    const made = await carryOut(context, { reason }, (life, by) => life.register(by, { draft, externalIds }))
    context.res.set('Location', `/v1/households/${made.household.id}`)
    return made
  },
})

const EXAMPLE_ID = '482910573625'
const OTHER_ID = '100000000008'

/** One change of an existing household: its ETag must come as If-Match. */
function changing<B extends { reason?: string | undefined }>(
  {
    method = 'post',
    under = '',
    example,
    ...about
  }: {
    method?: Route['method']
    under?: string
    operationId: string
    summary: string
    description?: string
    body: z.ZodType<B>
    example: z.input<z.ZodType<B>>
    problems?: ProblemCode[]
  },
  change: (life: Life, by: By, id: string, body: B, context: Context) => Promise<Household[]>,
): Route {
  return defineRoute({
    ...about,
    method,
    path: `/v1/households/{id}${under}`,
    access: 'write',
    tag: 'households',
    params: idParams,
    answer,
    problems: [
      ...PROBLEMS,
      'mistyped-household-id',
      'unknown-household',
      'precondition-required',
      'changed-meanwhile',
      ...(about.problems ?? []),
    ],
    examples: [{ params: { id: EXAMPLE_ID }, body: example }],
    async handle({ params, body }, context) {
      const id = readId(params)
      const versions = readIfMatch(context.req.get('If-Match'))
      const known = await context.households.household(id)
      if (!known) throw new Problem('unknown-household')
      requireScope(context.caller, known)
      return carryOut(context, { reason: body.reason, versions }, (life, by) =>
        change(life, by, id, body, context),
      )
    },
  })
}

/** What goes with each decision: the field that it needs, and those that it can have. */
const DECISIONS = {
  commune: { needs: 'commune', may: ['point'] },
  point: { needs: 'point', may: [] },
  merge: { needs: 'into', may: [] },
  distinct: { needs: 'others', may: [] },
  keep: { needs: null, may: ['others'] },
  reject: { needs: null, may: [] },
} as const
const DECISION_FIELDS = ['commune', 'point', 'into', 'others'] as const

const decision = z
  .strictObject({
    decision: z.enum(Object.keys(DECISIONS) as (keyof typeof DECISIONS)[]).openapi({
      description:
        'commune: it stands there (`point` null takes a wrong point away); point: it stands here; merge: `into` takes it over; distinct: the `others` are other homes; keep: right as it stands, and the others held against it are other homes; reject: there is no such household',
    }),
    commune: z
      .string()
      .regex(/^\d{5}$/)
      .optional()
      .openapi({ example: '00070' }),
    point: entryPoint.nullable().optional(),
    into: otherId.optional(),
    others: z.array(otherId).min(1).max(20).optional(),
    ...because,
  })
  .superRefine((given, context) => {
    const { needs, may } = DECISIONS[given.decision]
    const fault = (name: string, params: Text) => context.addIssue({ code: 'custom', path: [name], params })
    if (needs !== null && (given[needs] === undefined || (needs === 'point' && given.point === null)))
      fault(needs, { en: 'is needed for this decision', vi: 'cần có cho quyết định này' })
    for (const name of DECISION_FIELDS)
      if (given[name] !== undefined && name !== needs && !(may as readonly string[]).includes(name))
        fault(name, { en: 'is not for this decision', vi: 'không dùng cho quyết định này' })
  })

const decideRoute = changing(
  {
    under: '/decide',
    operationId: 'decideHousehold',
    example: { decision: 'keep', reason: 'seen on site' },
    summary: 'Decide what is in doubt about a household',
    description: 'An ordinary event: `undo` takes it back, and the doubt is open again.',
    body: decision,
  },
  async (
    life,
    by,
    id,
    { decision: kind, commune, point, into, others },
    { households, gazetteer, caller },
  ) => {
    if (kind === 'commune')
      return life.decide(by, id, {
        kind,
        communeCode: commune!,
        ...(point === undefined ? {} : { point }),
      })
    if (kind === 'point') return life.decide(by, id, { kind, point: point! })
    if (kind === 'merge') return life.decide(by, id, { kind, into: into! })
    if (kind === 'distinct') return life.decide(by, id, { kind, others: others! })
    if (kind === 'reject') return life.decide(by, id, { kind })
    // As the case tells it: of households of other offices the key says nothing.
    const alike = async () =>
      (await households.reviewCase(id, gazetteer))!.alike.filter((other) => reaches(caller, other))
    return life.decide(by, id, { kind, others: others ?? (await alike()).map((other) => other.id) })
  },
)

/** What a person does to households; each of these is a command of `households` too. */
export const householdChangeRoutes: readonly Route[] = [
  registerRoute,
  changing(
    {
      method: 'patch',
      operationId: 'correctHousehold',
      example: { address: '12A Hàng Trống, phường Hoàn Kiếm, Hà Nội', reason: 'the number was wrong' },
      summary: 'Write another address for a household',
      description: 'With a `point` that is stored too. Another house takes a verification back.',
      body: z.strictObject({ address, point: entryPoint.optional(), ...because }),
      problems: ['input-too-long', 'unusable-address'],
    },
    (life, by, id, entry, context) => life.correct(by, id, readEntry(entry, context)),
  ),
  changing(
    {
      under: '/move',
      operationId: 'moveHousehold',
      example: { point: { lat: 21.03122, lon: 105.84933, accuracy: 4, surveyed: true } },
      summary: 'Give a household another point or access point',
      description: '`access` is where one leaves the road for it (alley mouth, gate); null takes it away.',
      body: z.strictObject({
        point: entryPoint.optional(),
        access: placeInput.nullable().optional(),
        ...because,
      }),
    },
    (life, by, id, { point, access }) =>
      life.move(by, id, { ...(point ? { point } : {}), ...(access === undefined ? {} : { access }) }),
  ),
  changing(
    {
      under: '/confirm',
      operationId: 'confirmHousehold',
      example: { reason: 'seen on site' },
      summary: 'Note that a household was found right as it stands',
      description: 'An event that changes no field: it verifies nothing.',
      body: z.strictObject(forAReason),
    },
    (life, by, id) => life.confirm(by, id),
  ),
  changing(
    {
      under: '/verify',
      operationId: 'verifyHousehold',
      example: { point: { lat: 21.0312, lon: 105.8493, accuracy: 4, surveyed: true } },
      summary: 'Verify a household: by a surveyed point of at most 15 m, or as a second person',
      body: z.strictObject({ point: entryPoint.optional(), ...because }),
    },
    (life, by, id, { point }) => life.verify(by, id, point ? { point } : {}),
  ),
  decideRoute,
  changing(
    {
      under: '/retire',
      operationId: 'retireHousehold',
      example: { reason: 'demolished' },
      summary: 'End a household that is gone',
      description: 'Its code leads on to its `successors`, when there are any.',
      body: z.strictObject({ successors: z.array(otherId).max(100).optional(), ...forAReason }),
    },
    (life, by, id, { successors }) => life.retire(by, id, successors),
  ),
  changing(
    {
      under: '/merge',
      operationId: 'mergeHouseholds',
      example: { households: [OTHER_ID], reason: 'one home' },
      summary: 'Several entries of one home become this household',
      body: z.strictObject({ households: z.array(otherId).min(1).max(100), ...forAReason }),
    },
    (life, by, id, { households }) => life.merge(by, id, households),
  ),
  changing(
    {
      under: '/split',
      operationId: 'splitHousehold',
      example: {
        parts: [
          { address: '12A Hàng Trống, phường Hoàn Kiếm, Hà Nội' },
          { address: '12B Hàng Trống, phường Hoàn Kiếm, Hà Nội' },
        ],
        reason: 'two homes now',
      },
      summary: 'One household becomes several new ones',
      description:
        'A part without a point stands at its point. With `stays` the household stays beside the new ones, else it becomes historical and leads to them.',
      body: z.strictObject({
        parts: z
          .array(z.strictObject({ address, point: entryPoint.optional(), externalIds }))
          .min(1)
          .max(500),
        stays: z.boolean().optional(),
        ...forAReason,
      }),
      problems: ['input-too-long', 'unusable-address'],
    },
    (life, by, id, { parts, stays }, context) =>
      life.split(
        by,
        id,
        parts.map(({ externalIds = [], ...entry }) => ({ draft: readEntry(entry, context), externalIds })),
        stays,
      ),
  ),
  changing(
    {
      under: '/alternative',
      operationId: 'setMainHousehold',
      example: { of: OTHER_ID },
      summary: 'Make a household a second address of another one, or one of its own again',
      body: z.strictObject({
        of: otherId.nullable().openapi({ description: 'The main household; null: one of its own again' }),
        ...because,
      }),
    },
    (life, by, id, { of }) => life.setMain(by, id, of),
  ),
  changing(
    {
      under: '/reinstate',
      operationId: 'reinstateHousehold',
      example: { reason: 'it stands there after all' },
      summary: 'Bring a historical household back as a provisional one',
      body: z.strictObject(forAReason),
    },
    (life, by, id) => life.reinstate(by, id),
  ),
  changing(
    {
      under: '/undo',
      operationId: 'undoHousehold',
      example: { reason: 'a slip' },
      summary: 'Take the latest operation on a household back, on all that it touched',
      body: z.strictObject(forAReason),
    },
    (life, by, id) => life.undo(by, id),
  ),
  changing(
    {
      under: '/erase',
      operationId: 'eraseHousehold',
      example: { reason: 'asked for by the family' },
      summary: 'Take address, places and numbers of a household out of the registry for good',
      body: z.strictObject(forAReason),
    },
    (life, by, id) => life.erase(by, id),
  ),
  changing(
    {
      under: '/external-ids',
      operationId: 'addExternalId',
      example: { scheme: 'office', value: 'HK-12' },
      summary: 'Give a household a number that others have for it',
      body: externalId.extend(because),
    },
    (life, by, id, { scheme, value }) => life.addExternalId(by, id, { scheme, value }),
  ),
  changing(
    {
      under: '/external-ids/remove',
      operationId: 'removeExternalId',
      example: { scheme: 'office', value: 'HK-14' },
      summary: 'Take a number away, so that another household can have it',
      body: externalId.extend(because),
    },
    (life, by, id, { scheme, value }) => life.removeExternalId(by, id, { scheme, value }),
  ),
]
