import { once } from '../once.ts'
import { streetKeys } from '../streetsKey.ts'
import type { Gazetteer } from '../types.ts'
import type { World } from './collect.ts'

/** What the compiler of an imported map has to know: the streets of the lists and of the shipped map. */
export const compilerWorld: (gazetteer: Gazetteer) => World = once(
  ({ boundaries, communes, streetNames }: Gazetteer): World => {
    const known = new Set(streetNames.map((name) => streetKeys(name)[0]!))
    return {
      communeAt: (lat, lon) => boundaries.communeAt(lat, lon),
      communeCodes: communes.map(({ code }) => code),
      isStreet: (key) => known.has(key),
    }
  },
)
