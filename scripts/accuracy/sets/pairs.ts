import type { Understanding } from '../../../src/match/types.ts'
import { type Context, isSure, readCsv } from '../context.ts'

const COUNTRY = /,\s*Việt Nam\s*$/iu
const toggleCountry = (text: string) => (COUNTRY.test(text) ? text.replace(COUNTRY, '') : `${text}, Việt Nam`)

/** old-new-pairs.csv: real addresses written in both structures, with both communes and a point. */
export function pairs(context: Context): void {
  for (const row of readCsv('old-new-pairs.csv')) {
    const split = row['old_ward_was_split'] === '1'
    if (split) splitCommune(context, row)
    else wholeCommune(context, row)
    backToFormer(context, row)
    formerCommune(context, row)
  }
}

type Row = Record<string, string>

function wholeCommune({ understand, report, gazetteer }: Context, row: Row): void {
  const code = row['new_ward_code']!
  const expected = nameOf(gazetteer.commune(code))
  for (const era of ['former', 'current']) {
    const text = row[era === 'former' ? 'old_address' : 'new_address']!
    const answer = understand(text)
    const right = isCommune(answer, code)
    report.score(`pairs.whole.${era}`, right, text, expected, answer)
    report.score('pairs.whole.sure', right || !isSure(answer), text, expected, answer)
    report.sample(answer, right, row['new_province_code']!)
    const toggled = toggleCountry(text)
    const again = understand(toggled)
    report.score(`pairs.whole.${era}.country`, isCommune(again, code), toggled, expected, again)
  }
}

function splitCommune({ understand, report, gazetteer }: Context, row: Row): void {
  const code = row['new_ward_code']!
  const expected = nameOf(gazetteer.commune(code))
  const text = row['old_address']!
  const answer = understand(text)
  const right = isCommune(answer, code)
  const among = right || answer.candidates.some(({ current }) => current.commune?.code === code)
  report.score('pairs.split.best', right, text, expected, answer)
  report.score('pairs.split.sure', right || !isSure(answer), text, expected, answer)
  report.score('pairs.split.among', among, text, expected, answer)
  report.sample(answer, right, row['new_province_code']!, true)
  const placed = understand(text, { point: { lat: Number(row['lat']), lon: Number(row['lon']) } })
  report.score('pairs.split.point', isCommune(placed, code), text, expected, placed)
  const currentText = row['new_address']!
  const current = understand(currentText)
  report.score('pairs.split.current', isCommune(current, code), currentText, expected, current)
}

/** A current text to the former commune: decided in `former`, else among `formerCandidates`, best first. */
function backToFormer({ understand, report, gazetteer }: Context, row: Row): void {
  const code = row['old_ward_code']!
  const text = row['new_address']!
  const answer = understand(text)
  const expected = nameOf(gazetteer.formerCommune(code))
  const { former, formerCandidates } = answer
  const offered = former?.commune ? [former, ...former.successor] : formerCandidates
  const best = former?.commune ? offered : offered.slice(0, 1)
  const district = gazetteer.formerCommune(code)?.district.code
  const among = offered.some(({ commune }) => commune?.code === code)
  report.score('pairs.back.among', among, text, expected, answer)
  report.score(
    'pairs.back.district',
    best.some((one) => one.district?.code === district),
    text,
    expected,
    answer,
  )
  report.score(
    'pairs.back.commune',
    best.some(({ commune }) => commune?.code === code),
    text,
    expected,
    answer,
  )
}

function formerCommune({ understand, report, gazetteer }: Context, row: Row): void {
  const code = row['old_ward_code']!
  const text = row['old_address']!
  const answer = understand(text)
  const { former } = answer
  const right = [former, ...(former?.successor ?? [])].some((place) => place?.commune?.code === code)
  report.score('pairs.former', right, text, nameOf(gazetteer.formerCommune(code)), answer)
}

const isCommune = ({ current }: Understanding, code: string) => current?.commune?.code === code

function nameOf(unit: { fullName: string; province: { fullName: string } } | undefined): string {
  return unit ? `${unit.fullName}, ${unit.province.fullName}` : '(no such code)'
}
