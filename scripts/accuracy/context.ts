import { readFileSync } from 'node:fs'
import { parseCsv } from '../../src/gazetteer/csv.ts'
import type { Gazetteer } from '../../src/gazetteer/types.ts'
import type { Understanding } from '../../src/match/types.ts'
import type { UnderstandOptions } from '../../src/match/understand.ts'
import type { Report } from './report.ts'

/** The folder of the labelled cases; they are read in place and never copied. */
export const CASES = `${process.env.VPOSTCODE_SHARED ?? '../shared'}/data/cases`

/** What a set of cases is given to measure with. */
export interface Context {
  readonly gazetteer: Gazetteer
  readonly report: Report
  understand(text: string, options?: UnderstandOptions): Understanding
}

const text = (name: string) => readFileSync(`${CASES}/${name}`, 'utf8')

export const readJson = <T>(name: string): T => JSON.parse(text(name))
export const readCsv = (name: string) => parseCsv(text(name)).rows
export const readJsonLines = <T>(name: string): T[] =>
  text(name)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))

export const isSure = ({ grade }: Understanding): boolean => grade === 'A' || grade === 'B'
