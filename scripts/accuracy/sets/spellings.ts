import { type Context, readJson } from '../context.ts'
import { currentOf, formerOf } from '../names.ts'

interface Labels {
  province: string | null
  district: string | null
  ward: string | null
}

/** typos.json and variants.json: former units in many spellings, some lines with one or two levels only. */
export function spellings(context: Context): void {
  for (const { text, result } of readJson<{ text: string; result: Labels }[]>('typos.json'))
    check(context, 'typos.all', text, result)
  type Variant = Record<'input' | 'expected_province' | 'expected_district' | 'expected_ward', string | null>
  for (const row of readJson<Variant[]>('variants.json'))
    check(context, 'variants.all', row.input!, {
      province: row.expected_province,
      district: row.expected_district,
      ward: row.expected_ward,
    })
}

/**
 * Every labelled level must be the answer's. A province or commune that stands alone says no era, so it may be answered as
 * the current unit of that name; a commune under its district may not.
 */
function check(
  { understand, report, gazetteer }: Context,
  figure: string,
  text: string,
  labels: Labels,
): void {
  const answer = understand(text)
  const former = formerOf(answer, gazetteer)
  const current = currentOf(answer, gazetteer)
  const { province, district, ward } = labels
  const alone = district === null && answer.former === null
  const right =
    (ward === null || former.commune(ward) || (alone && current.commune(ward))) &&
    (district === null || former.district(district)) &&
    (province === null || former.province(province) || (answer.former === null && current.province(province)))
  const expected = [ward, district, province].map((name) => name ?? '-').join(', ')
  report.score(figure, right, text, expected, answer)
}
