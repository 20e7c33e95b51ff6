import type { CoverageLine } from 'vpostcode/client'
import { Busy, count, Fault, Scroll, share } from '../parts.tsx'
import { call, download } from '../session.ts'
import { text } from '../texts.ts'
import { useLoad, useWork } from '../use.ts'
import { ProvinceMap } from './ProvinceMap.tsx'
import { Trend } from './Trend.tsx'

/** How far the coding is: the provinces, or one with its communes on the map. */
export function Coverage({ province }: { province: string | null }) {
  const { data, fault } = useLoad(
    (signal) =>
      call<{ lines: CoverageLine[] }>('/v1/coverage', {
        signal,
        query: province ? { by: 'commune', province } : { by: 'province' },
      }),
    [province],
  )
  const { fault: refused, run } = useWork()
  if (fault) return <Fault>{fault}</Fault>
  if (!data) return <Busy />
  const { lines } = data
  const title = province ? (lines[0]?.provinceName ?? province) : text('at_coverage')
  return (
    <div class="stack">
      {province && (
        <p>
          <a href="#/coverage">{text('allProvinces')}</a>
        </p>
      )}
      <h1>{title}</h1>
      {province && <ProvinceMap province={province} lines={lines} />}
      {province && <Trend province={province} />}
      {province && <p class="soft small">{text('visitHint')}</p>}
      <Fault>{refused}</Fault>
      <Lines
        lines={lines}
        linked={!province}
        onVisits={(code) => void run(() => download(`/v1/worklist?commune=${code}`, `khao-sat-${code}.csv`))}
      />
    </div>
  )
}

function Lines({
  lines,
  linked,
  onVisits,
}: {
  lines: CoverageLine[]
  linked: boolean
  /** Fetches the list of a commune for its visits. */
  onVisits: (commune: string) => void
}) {
  return (
    <Scroll label={text('table')}>
      <table>
        <caption class="hidden">{text('at_coverage')}</caption>
        <thead>
          <tr>
            <th scope="col">{text(linked ? 'province' : 'commune')}</th>
            <th scope="col" class="number">
              {text('expected')}
            </th>
            <th scope="col" class="number">
              {text('households')}
            </th>
            <th scope="col" class="number">
              {text('coded')}
            </th>
            <th scope="col" class="number">
              {text('verifiedShare')}
            </th>
            <th scope="col" class="number">
              {text('status_visit')}
            </th>
            <th scope="col" class="number">
              {text('status_review')}
            </th>
            <th scope="col" class="number">
              {text('error')}
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={`${line.provinceCode}${line.code}`}>
              <th scope="row">
                {linked && line.code ? (
                  <a href={`#/coverage/${line.code}`}>{line.name}</a>
                ) : (
                  line.name || text('communeUnknown')
                )}
              </th>
              <td class="number">{line.expected === null ? '–' : count(line.expected)}</td>
              <td class="number">{count(line.households)}</td>
              <td class="number">
                {count(line.coded)}{' '}
                <span class="soft">{share(line.coded, line.expected ?? line.households)}</span>
              </td>
              <td class="number">
                {count(line.verified)}{' '}
                <span class="soft">{share(line.verified, line.expected ?? line.households)}</span>
              </td>
              <td class="number">
                {!linked && line.visit > 0 && line.code ? (
                  <button
                    type="button"
                    class="quiet"
                    aria-label={text('visitList', { n: line.visit, name: line.name })}
                    onClick={() => onVisits(line.code)}
                  >
                    {count(line.visit)} ⤓
                  </button>
                ) : (
                  count(line.visit)
                )}
              </td>
              <td class="number">{count(line.review)}</td>
              <td class="number">
                {line.error
                  ? `${percent(line.error.share)} (${percent(line.error.low)}–${percent(line.error.high)})`
                  : '–'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}

const percent = (part: number) => `${(100 * Math.max(0, part)).toFixed(1)} %`
