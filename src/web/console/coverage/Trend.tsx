import type { CoverageDay } from 'vpostcode/client'
import { Fault } from '../parts.tsx'
import { call } from '../session.ts'
import { text } from '../texts.ts'
import { useLoad } from '../use.ts'

const [WIDTH, HEIGHT] = [800, 180]
const DAYS = 90

/** What was coded and verified by the end of each day, against the target. */
export function Trend({ province }: { province: string }) {
  const { data, fault } = useLoad(
    (signal) =>
      call<{ days: CoverageDay[] }>('/v1/coverage', { signal, query: { by: 'day', province, days: DAYS } }),
    [province],
  )
  if (fault) return <Fault>{fault}</Fault>
  const days = data?.days ?? []
  if (days.length === 0) return null
  const last = days.at(-1)!
  const expected = last.expected ?? 0
  const most = Math.max(expected, ...days.map(({ householdsByThen }) => householdsByThen), 1)
  const [first, end] = [Date.parse(days[0]!.day), Date.parse(last.day)]
  const x = (day: string) => (end === first ? WIDTH : ((Date.parse(day) - first) / (end - first)) * WIDTH)
  const y = (n: number) => HEIGHT - (n / most) * (HEIGHT - 8)
  const line = (of: 'householdsByThen' | 'codedByThen' | 'verifiedByThen') =>
    `M0 ${HEIGHT}${days.map((day) => `L${x(day.day).toFixed(1)} ${y(day[of]).toFixed(1)}`).join('')}`
  return (
    <figure class="card stack trend">
      <figcaption>
        <strong>{text('trend')}</strong>{' '}
        <span class="soft small">
          {text('trendText', {
            from: days[0]!.day,
            to: last.day,
            coded: last.codedByThen,
            verified: last.verifiedByThen,
            households: last.householdsByThen,
          })}
        </span>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true" preserveAspectRatio="none">
        {expected > 0 && <path class="target" d={`M0 ${y(expected)}H${WIDTH}`} />}
        <path class="households" d={line('householdsByThen')} />
        <path class="coded" d={line('codedByThen')} />
        <path class="verified" d={line('verifiedByThen')} />
      </svg>
      <ul class="legend small">
        {(['households', 'coded', 'verified'] as const).map((one) => (
          <li key={one}>
            <span class={`swatch line-${one}`} /> {text(one === 'verified' ? 'verifiedShare' : one)}
          </li>
        ))}
        {expected > 0 && (
          <li>
            <span class="swatch line-target" /> {text('expected')}
          </li>
        )}
      </ul>
    </figure>
  )
}
