import type { Found, Lookup } from '../../registry/store.ts'

/** The cores asked for with their keys. A core is what keys begin with that may be of the same household. */
export function coresOf({ keys, coreLength }: Pick<Lookup, 'keys' | 'coreLength'>): Map<string, string[]> {
  const cores = new Map<string, string[]>()
  for (const key of keys) {
    const core = key.slice(0, coreLength)
    const asked = cores.get(core)
    if (asked) asked.push(key)
    else cores.set(core, [key])
  }
  return cores
}

/** What a crowded core answers, by key, then n: its first households, and in place of these the first of each key asked for. */
export const crowdedCore = (
  first: Found['keys'],
  asked: readonly string[],
  firstOf: (key: string) => Found['keys'],
): Found['keys'] =>
  [...first.filter(({ key }) => !asked.includes(key)), ...asked.flatMap(firstOf)].sort((a, b) =>
    a.key < b.key ? -1 : a.key > b.key ? 1 : a.n - b.n,
  )
