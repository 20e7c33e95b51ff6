import type { ChangeRefused, RefusalCode } from '../registry/life/refused.ts'

/** What to give a command for a refusal that does not say it. */
const WAYS_OUT: Partial<Record<RefusalCode, string>> = {
  'reason-missing': 'give one with --reason TEXT',
  'point-far-from-commune':
    'where it stands in another commune, name that one with --commune CODE (`review decide`, `review check`)',
  'in-review': '`review show ID` has what is in doubt, `review decide ID` decides it',
  'no-known-place': 'give it one with --point LAT,LON',
  'no-evidence': 'a surveyed point is --point LAT,LON --surveyed --accuracy METRES',
  'checked-already': '`review check ID --undo` takes it back',
  'check-incomplete': '--point LAT,LON, and --commune CODE',
  historical: '`households reinstate ID`',
  'has-alternatives': '`households retire ID`, `households alternative ID --of ID`',
}

/** A refusal as a command tells it: its code, why, what to do, and the households that stand in the way. */
export function refusalText(
  { code, message, households }: ChangeRefused,
  idOf: (n: number) => string,
): string {
  const way = WAYS_OUT[code]
  return [`${code}: ${message}${way ? `: ${way}` : ''}`, ...households.map(idOf)].join('\n  ')
}
