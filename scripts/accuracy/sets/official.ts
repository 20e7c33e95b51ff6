import type { Understanding } from '../../../src/match/types.ts'
import { type Context, isSure, readJsonLines } from '../context.ts'
import { formerOf, letters } from '../names.ts'

interface CurrentRow {
  text: string
  tag: string
  province: string
  ward: string
  wardCode: string
}
interface FormerRow {
  text: string
  tag: string
  province: string
  district: string
  ward: string
}

/** convert.jsonl: a former text, the commune of today. The era is not told. */
export function convert({ understand, report, gazetteer }: Context): void {
  for (const { text, tag, ward, province, wardCode } of readJsonLines<CurrentRow>('convert.jsonl')) {
    const answer = understand(text)
    const best = answer.current?.commune?.code === wardCode
    const expected = `${ward}, ${province}`
    report.score(`convert.${tag}`, best || offersBoth(answer, wardCode), text, expected, answer)
    report.score('convert.sure', best || !isSure(answer), text, expected, answer)
    report.sample(answer, best, gazetteer.commune(wardCode)!.province.code)
  }
}

/**
 * Some names are the same letters without accents (Ba Tơ, Ba Tô): then grade C with both offered is the right answer, as no
 * text without accents can say more.
 */
function offersBoth({ grade, candidates }: Understanding, wardCode: string): boolean {
  const [first] = candidates
  const right = candidates.find(({ current }) => current.commune?.code === wardCode)
  if (grade !== 'C' || !first || !right) return false
  const name = ({ former, current }: typeof first) =>
    letters((former?.commune ?? current.commune)?.fullName ?? '')
  return name(first) === name(right)
}

/** legacy.jsonl: all three former units. */
export function legacy({ understand, report, gazetteer }: Context): void {
  for (const { text, tag, ward, district, province } of readJsonLines<FormerRow>('legacy.jsonl')) {
    const answer = understand(text)
    const former = formerOf(answer, gazetteer)
    const right = former.commune(ward) && former.district(district) && former.province(province)
    for (const figure of ['all', tag])
      report.score(`legacy.${figure}`, right, text, `${ward}, ${district}, ${province}`, answer)
  }
}

/** new.jsonl: a current text. */
export function current({ understand, report, gazetteer }: Context): void {
  for (const { text, tag, ward, province, wardCode } of readJsonLines<CurrentRow>('new.jsonl')) {
    const answer = understand(text)
    const right = answer.current?.commune?.code === wardCode
    const expected = `${ward}, ${province}`
    for (const figure of ['all', tag]) report.score(`new.${figure}`, right, text, expected, answer)
    report.score('new.sure', right || !isSure(answer), text, expected, answer)
    report.sample(answer, right, gazetteer.commune(wardCode)!.province.code)
  }
}

interface SplitRow {
  text: string
  any: [ward: string, province: string][]
}

/**
 * split.jsonl: grade C with every acceptable commune among the candidates; where one successor takes the whole population
 * that one may be answered as sure.
 */
export function split({ understand, report, gazetteer }: Context): void {
  for (const { text, any } of readJsonLines<SplitRow>('split.jsonl')) {
    const answer = understand(text)
    const offered = answer.candidates.map(({ current }) => letters(current.commune?.fullName ?? ''))
    const all = answer.grade === 'C' && any.every(([ward]) => offered.includes(letters(ward)))
    const taker = gazetteer
      .formerCommune(answer.former?.commune?.code ?? '')
      ?.successors.find(({ takesPopulation }) => takesPopulation)
    const taken = taker !== undefined && answer.current?.commune?.code === taker.current.code
    report.score('split.candidates', all || taken, text, any.map(([ward]) => ward).join(' / '), answer)
  }
}
