import { fileURLToPath } from 'node:url'

/** Where the built gazetteer lies: VPOSTCODE_DATA, else data/gazetteer of this package (seen from src/ and from dist/). */
export const dataDirectory = (): string =>
  process.env.VPOSTCODE_DATA || fileURLToPath(new URL('../../data/gazetteer', import.meta.url))
