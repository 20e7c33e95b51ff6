import type { CurrentCommune, Gazetteer } from '../../gazetteer/types.ts'
import { knownNear } from '../../locate/door/knownNear.ts'
import { locateAddress } from '../../locate/door/locateAddress.ts'
import { degrees } from '../../locate/encode.ts'
import { livingAt, written } from '../../locate/search.ts'
import type { RowFields } from '../../pipeline/row.ts'
import { prepareRow } from '../../pipeline.ts'
import type { HouseholdDraft } from '../../registry/types.ts'
import { formatVpostcode } from '../../vpostcode/vpostcode.ts'
import { addressParts, addressText, emptyAddress, longAddress, pointInput } from '../addressInput.ts'
import { chosenCommune, questions } from '../ask.ts'
import { crosswalkAnswers, crosswalksOfAddress } from '../crosswalks.ts'
import { NO_WAY, precision, wayOfDoor, wayShapes } from '../doorSchema.ts'
import { inWords, issuesOf } from '../issues.ts'
import { currentLines, formerLines, linesAbroad, placeLines, plain } from '../label.ts'
import { answerLanguage } from '../language.ts'
import { z } from '../params.ts'
import { type Deps, defineRoute } from '../route.ts'
import { formatted, householdId, lat, lon, metres, orNull, postcode, vpostcode } from '../schemas.ts'
import { understanding } from '../understandingSchema.ts'
import { MISSING, PARTS, verdictOf } from '../verdict.ts'

const granularity = z.enum(['SUB_PREMISE', 'PREMISE', 'PREMISE_PROXIMITY', 'ROUTE', 'OTHER'])
const lines = z.array(z.string())
const label = z.strictObject({ vi: lines, abroad: lines }).openapi('Label', {
  description: 'Lines for a parcel: in Vietnamese, and in plain letters with the country',
})

const answer = understanding
  .extend({
    verdict: z
      .strictObject({
        inputGranularity: granularity.openapi({ description: 'How far the input goes' }),
        validationGranularity: granularity.openapi({ description: 'How far it is borne out' }),
        geocodeGranularity: granularity.openapi({
          description:
            'How precise the point is: PREMISE of a house that is known, PREMISE_PROXIMITY of one between known numbers, ROUTE of an alley or street',
        }),
        addressComplete: z.boolean(),
        hasUnconfirmedComponents: z.boolean(),
        hasInferredComponents: z.boolean(),
        hasReplacedComponents: z.boolean(),
        hasSpellCorrectedComponents: z.boolean(),
        possibleNextAction: z.enum(['FIX', 'CONFIRM', 'ACCEPT']).openapi({
          description: 'FIX: ask for what is missing. CONFIRM: show what was understood. ACCEPT: go on',
        }),
      })
      .openapi('Verdict', { description: 'In the words of Google Address Validation' }),
    parts: z.array(
      z.strictObject({
        part: z.enum(PARTS),
        text: z.string(),
        confirmation: z.enum(['CONFIRMED', 'UNCONFIRMED_BUT_PLAUSIBLE', 'UNCONFIRMED_AND_SUSPICIOUS']),
        inferred: z.boolean(),
        spellCorrected: z.boolean(),
        replaced: z.boolean(),
      }),
    ),
    ask: z
      .array(
        z.strictObject({
          part: z.enum(MISSING),
          question: z.string().openapi({ description: 'In the language of Accept-Language' }),
          choices: z.array(
            z.strictObject({
              label: z.string(),
              communeCode: z.string(),
              provinceCode: z.string(),
              formerCommuneCode: z.string().nullable(),
            }),
          ),
        }),
      )
      .openapi({ description: 'What to ask the shopper, with what it can be; no choices = free text' }),
    labels: z.strictObject({
      current: orNull(label),
      former: orNull(label),
      place: label.openapi({
        description:
          'The lines in front of the units, which stand in both; no lines when only units are named',
      }),
    }),
    crosswalks: crosswalkAnswers,
    postcode: postcode.nullable(),
    vpostcode: vpostcode.nullable().openapi({ description: 'Only when the place is known' }),
    formatted: formatted.nullable(),
    household: householdId
      .nullable()
      .openapi({ description: 'The one registered household of this address' }),
    point: z.strictObject({ lat, lon, precision, accuracy: metres, ...wayShapes }).nullable(),
  })
  .openapi('Validation')

export const validateRoute = defineRoute({
  method: 'post',
  path: '/v1/validate',
  operationId: 'validate',
  access: 'search',
  tag: 'addresses',
  summary: 'Can a parcel go there: an address checked part by part, and what to ask when it cannot',
  description:
    '`address` is one text, or the fields of a form (`commune` by name, or by the code of a choice of `ask`); the `point` where one is known.',
  body: z.strictObject({
    address: z.union([addressText, addressParts]),
    point: pointInput.optional(),
  }),
  answer,
  problems: ['unknown-parameter', 'missing-parameter', 'bad-parameter', 'input-too-long'],
  examples: [
    { body: { address: '5 Lý Tự Trọng, Phường Bến Nghé, Quận 1, TPHCM' } },
    {
      body: {
        address: { houseNumber: '12', street: 'Hàng Trống', commune: 'phường Hoàn Kiếm', province: 'Hà Nội' },
        point: { lat: 21.0312, lon: 105.8493 },
      },
    },
    { body: { address: 'Lê Lợi, Quận 1' } },
  ],
  async handle({ body: { address, point } }, context) {
    const { gazetteer, households } = context
    const chosen = typeof address === 'string' ? undefined : chosenCommune(address.commune ?? '', gazetteer)
    const row: RowFields = typeof address === 'string' ? { address } : withNames(address, chosen)
    if (point) Object.assign(row, { lat: String(point.lat), lon: String(point.lon) })
    const prepared = prepareRow(row, gazetteer, { formers: true, ...(chosen && { era: 'current' }) })
    const { draft, understanding: read, location, rejected } = prepared
    if (rejected === 'no-address') throw emptyAddress('body')
    if (!read) throw longAddress('body')
    const known = draft && read.grade !== 'C' ? await atAddress(draft, households) : null
    const home = known?.point ?? null
    const door =
      location && location.precision !== 'point' && !home
        ? await doorOf(prepared, households, gazetteer)
        : null
    const place =
      location &&
      (location.precision === 'point' || !home
        ? (door ?? location)
        : { ...home, precision: 'household' as const })
    const { current, former } = read
    const here = current?.commune && gazetteer.commune(current.commune.code)
    // What is shown is written as the lists have it; the components stay as they were said.
    const shown = here ? written(read.components, here, gazetteer) : read.components
    const { verdict, parts, missing } = verdictOf(
      shown === read.components ? read : { ...read, components: shown },
      {
        household: known !== null,
        point: place,
        pointFits: !draft?.review.includes('point-far-from-commune'),
      },
      gazetteer,
    )
    // A guess stands on no label.
    const commune = read.grade === 'C' ? null : (current?.commune ?? null)
    const code = commune && (known?.vpostcode ?? draft?.vpostcode ?? null)
    const currentLabel = current && commune && currentLines(shown, { province: current.province, commune })
    const formerLabel = former && formerLines(shown, former)
    const placeLabel = placeLines(shown)
    const language = answerLanguage(context)
    // Field by field, as understand.ts does: answers of one shape are quick to make and to write.
    return {
      input: read.input,
      era: read.era,
      components: read.components,
      former,
      formerCandidates: read.formerCandidates,
      current,
      candidates: read.candidates,
      grade: read.grade,
      confidence: read.confidence,
      issues: inWords(issuesOf(prepared), language),
      private: read.private,
      unresolved: read.unresolved,
      verdict,
      parts,
      ask: questions(missing, read, language, gazetteer),
      labels: {
        current: currentLabel && { vi: currentLabel, abroad: linesAbroad(currentLabel) },
        former: formerLabel && { vi: formerLabel, abroad: linesAbroad(formerLabel) },
        place: { vi: placeLabel, abroad: placeLabel.map(plain) },
      },
      crosswalks: crosswalksOfAddress(context.crosswalks, read, gazetteer),
      postcode: commune?.postcode ?? null,
      vpostcode: code,
      formatted: code && formatVpostcode(code),
      household: known?.id ?? null,
      point: place && {
        lat: degrees(place.lat),
        lon: degrees(place.lon),
        precision: place.precision,
        accuracy: place.accuracy,
        ...(door ? wayOfDoor(door) : NO_WAY),
      },
    }
  },
})

/** The fields of a form; a commune that is given by its code of today (a choice of `ask`) has its names in them. */
function withNames(fields: z.infer<typeof addressParts>, commune: CurrentCommune | undefined): RowFields {
  if (!commune) return { ...fields }
  // A district is of before, when another commune may have had the name.
  const { district: _, ...others } = fields
  return { ...others, commune: commune.fullName, province: commune.province.fullName }
}

/** Where the address is: as the pipeline found it, or better by the neighbours that are registered. */
async function doorOf(
  { door, draft, understanding }: ReturnType<typeof prepareRow>,
  households: Deps['households'],
  gazetteer: Gazetteer,
) {
  const commune = gazetteer.commune(draft?.communeCode ?? '')
  const known = draft && commune && (await knownNear(draft, households))
  return known ? locateAddress(draft.parts, commune, understanding!.former, gazetteer, known) : door
}

/** Homes at one address that are looked at. */
const MOST_HOMES = 5

/** The one household of an address; null when there is none, or several that the address does not tell apart. */
async function atAddress(draft: HouseholdDraft, households: Deps['households']) {
  const [home, ...others] = await livingAt(draft, households, MOST_HOMES)
  return home && others.length === 0 ? home : null
}
