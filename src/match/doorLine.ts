import type { Components } from '../parse/types.ts'

const ALLEY_WORDS = { ngo: 'ngõ', ngach: 'ngách', hem: 'hẻm', kiet: 'kiệt' }

/** What stands on the house itself: "25 ngách 34/56 ngõ 78 Láng"; empty when the parts name neither house nor street. */
export function doorLine({
  houseNumber = '',
  alleys = [],
  street = '',
}: Pick<Components, 'houseNumber' | 'alleys' | 'street'>): string {
  // Alleys of a chain stand in the whole number already ("130/20/14/3", "K448/H20/2").
  const chain = new Set(houseNumber.split('/').map((number) => number.replace(/^\D+/, '')))
  const others = alleys
    .filter(({ number }) => !chain.has(number))
    .map(({ kind, number }) => `${ALLEY_WORDS[kind ?? 'hem']} ${number}`)
    .reverse()
  return [houseNumber, ...others, street].filter(Boolean).join(' ')
}
