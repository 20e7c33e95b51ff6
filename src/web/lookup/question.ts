import type { SearchResult, Validation } from 'vpostcode/client'
import { encodePlusCode } from '../../vpostcode/pluscode.ts'
import { ask } from '../shared/api.ts'
import { unitsLine } from '../shared/units.ts'
import type { Answer } from './answer.ts'
import { answerCode, answerHousehold, answerPoint, answerPostcode } from './codes.ts'
import { text } from './texts.ts'

/** Precisions at which the house itself is known. */
const KNOWN = ['point', 'household', 'building']
const COORDINATES =
  /^\(?\s*(-?\d{1,3}(?:[.,]\d+)?)\s*(?:[;\s]|,\s)\s*(-?\d{1,3}(?:[.,]\d+)?)\s*\)?$|^\(?(-?\d{1,3}\.\d+),(-?\d{1,3}\.\d+)\)?$/

export type Kind = 'point' | 'household' | 'postcode' | 'code' | 'plus code' | 'address'

/** What a text looks like. */
export function kindOf(question: string): Kind {
  const compact = question.replace(/[\s+-]/g, '').toUpperCase()
  if (COORDINATES.test(question.trim())) return 'point'
  if (/^\d{12}$/.test(compact)) return 'household'
  if (/^\d{5}$/.test(compact)) return 'postcode'
  if (/^[\dOIL]{5}(?=.*[A-Z])(?=.*\d)[A-Z\d]{6,8}$/.test(compact) && !/[a-z]{3} /i.test(question))
    return 'code'
  if (
    /^[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,7}$/.test(
      question.replace(/\s/g, '').toUpperCase(),
    )
  )
    return 'plus code'
  return 'address'
}

/** Answers whatever stands in the box. Throws Refusal. */
export async function answer(question: string): Promise<Answer> {
  const digits = question.replace(/\D/g, '')
  switch (kindOf(question)) {
    case 'point': {
      const found = COORDINATES.exec(question.trim())!
      const [a, b] = [found[1] ?? found[3]!, found[2] ?? found[4]!].map((one) =>
        Number(one.replace(',', '.')),
      ) as [number, number]
      // Latitudes of Viet Nam are below 24, longitudes above 102: a swapped pair is seen.
      return answerPoint(a > 90 ? { lat: b, lon: a } : { lat: a, lon: b })
    }
    case 'household':
      return answerHousehold(digits)
    case 'postcode':
      return answerPostcode(digits)
    case 'code':
      return answerCode(question)
    case 'plus code': {
      const { features } = await ask<SearchResult>('/v1/search', { query: { q: question, limit: 1 } })
      const [lon, lat] = features[0]?.geometry.coordinates ?? []
      return lat === undefined || lon === undefined ? nothing(question) : answerPoint({ lat, lon })
    }
    default:
      return answerAddress(question, question)
  }
}

const nothing = (question: string): Answer => ({
  heading: text('notFound'),
  notice: { text: text('notUnderstood', { text: question }), bad: true },
  remarks: [text('tryThis')],
})

/** What an address says: a text, or its parts once a choice was made. */
async function answerAddress(
  address: string | Record<string, string | undefined>,
  question: string,
): Promise<Answer> {
  const read = await ask<Validation>('/v1/validate', { json: { address } })
  const { grade, components, labels, former, formerCandidates } = read
  const current: Validation['current'] | null = read.current
  if (grade === 'D' || !current) return nothing(question)
  const point: Validation['point'] | null = read.point
  const isKnown = point && KNOWN.includes(point.precision)
  const formerUnits = former ? [former] : formerCandidates
  const lines = labels.current?.vi ?? labels.former?.vi ?? []
  const choices = read.ask.flatMap((one) => one.choices)
  return {
    heading: lines[0] ?? question,
    vpostcode: read.vpostcode,
    noCode: read.vpostcode
      ? undefined
      : text(components.houseNumber || components.unit ? 'noPlace' : 'noHouse'),
    postcode: read.postcode,
    current: unitsLine(current.commune, current.province),
    former: formerUnits.map(({ commune, district, province }) => unitsLine(commune, district, province)),
    plusCode: point && isKnown ? encodePlusCode(point.lat, point.lon, 11) : null,
    point: point ?? undefined,
    access: point?.access,
    grade,
    household: read.household ? { id: read.household, status: '' } : undefined,
    remarks: [
      ...read.issues.flatMap(({ message }) => (message ? [message] : [])),
      ...read.ask.flatMap((one) => (one.choices.length === 0 ? [one.question] : [])),
    ],
    choices: {
      title: read.ask.find((one) => one.choices.length > 0)?.question ?? text('choose'),
      list: choices.map(({ label, communeCode }) => ({
        label,
        text: [lines[0] === undefined ? '' : houseLine(components), label].filter(Boolean).join(', '),
        ask: () =>
          answerAddress(
            {
              houseNumber: components.houseNumber,
              street: components.street,
              hamlet: [components.group, components.hamlet].filter(Boolean).join(', ') || undefined,
              unit:
                [components.unit, components.floor, components.block, components.building]
                  .filter(Boolean)
                  .join(', ') || undefined,
              commune: communeCode,
            },
            label,
          ),
      })),
    },
  }
}

const houseLine = ({ houseNumber, street }: Validation['components']): string =>
  [houseNumber, street].filter(Boolean).join(' ')
