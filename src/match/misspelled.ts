import type { Gazetteer } from '../gazetteer/types.ts'
import { streetsByLetters } from './nearStreet.ts'
import { namesOf } from './streetRepair.ts'
import { streetSpellings } from './streetSpellings.ts'

/** Makes beside what goes on what the first misspelled street, or one without marks, would wait for: a tenth of a second. */
export async function readyMisspelled(gazetteer: Gazetteer): Promise<void> {
  await streetsByLetters.ahead(gazetteer)
  await namesOf.ahead(gazetteer)
  await streetSpellings.ahead(gazetteer)
}
