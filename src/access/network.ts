import { isIP } from 'node:net'

/**
 * What counts as one client: an IPv4 address, or the /64 of an IPv6 address, which is the least that a home or a server
 * gets and has 2^64 addresses to choose from. IPv4 in the clothes of IPv6 (::ffff:192.0.2.1) is IPv4. '' for what is no
 * address: a trusted proxy can write anything.
 */
export function networkOf(address: string): string {
  const kind = isIP(address)
  if (kind === 4) return address
  if (kind === 0) return ''
  const groups = groupsOf(address)
  const mapped = groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0)
  if (mapped) return [groups[6]! >> 8, groups[6]! & 255, groups[7]! >> 8, groups[7]! & 255].join('.')
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`
}

/** The eight numbers of a valid IPv6 address. */
function groupsOf(address: string): number[] {
  const [head = '', tail] = address
    .split('%')[0]!
    .replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) => `${hex(a, b)}:${hex(c, d)}`)
    .split('::')
  const before = numbers(head)
  if (tail === undefined) return before
  const after = numbers(tail)
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after]
}

const hex = (high: string, low: string) => (Number(high) * 256 + Number(low)).toString(16)
const numbers = (text: string) =>
  text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
