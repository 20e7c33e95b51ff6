import { useEffect, useState } from 'preact/hooks'
import type { ReviewCase } from 'vpostcode/client'
import type { Answer } from '../../shared/api.ts'
import { Ask, Fault } from '../parts.tsx'
import { call, callWhole } from '../session.ts'
import { text } from '../texts.ts'
import { useWork, wordsOf } from '../use.ts'

/** What all that are chosen can be decided to; `of` makes the decision about one of them. */
interface Choice {
  label: string
  ask: string
  of: (found: ReviewCase) => object
}

/** Several cases, decided alike: each is a decision of its own, about the household as it was shown here. */
export function Together({
  chosen,
  onDecided,
  onEnd,
}: {
  chosen: ReadonlySet<string>
  onDecided: (id: string) => void
  onEnd: (told: string) => void
}) {
  const [cases, setCases] = useState<ReadonlyMap<string, Answer<ReviewCase>>>(new Map())
  const [asking, setAsking] = useState<Choice | null>(null)
  const [lost, setLost] = useState<string | null>(null)
  const { busy, fault, run } = useWork()
  const missing = [...chosen].find((id) => !cases.has(id))
  useEffect(() => {
    if (missing === undefined) return
    const stop = new AbortController()
    callWhole<ReviewCase>(`/v1/households/${missing}/review`, { signal: stop.signal }).then(
      (found) => setCases((before) => new Map([...before, [missing, found]])),
      (error) => !stop.signal.aborted && setLost(wordsOf(error)),
    )
    return () => stop.abort()
  }, [missing])
  const found = [...chosen].flatMap((id) => cases.get(id) ?? [])
  const n = chosen.size
  const choices: Choice[] = [
    ...(missing === undefined ? shared(found.map(({ data }) => data)) : []),
    { label: text('keepAll'), ask: text('keepAllAsk', { n }), of: () => ({ decision: 'keep' }) },
    { label: text('rejectAll'), ask: text('rejectAllAsk', { n }), of: () => ({ decision: 'reject' }) },
  ]
  const decide = ({ of }: Choice) =>
    run(async () => {
      const refused: string[] = []
      const merged = new Set<string>()
      for (const { data, etag } of found) {
        const { id } = data.household
        const decision = of(data) as { into?: string }
        // Its pair was chosen too, and has become this one.
        if (decision.into && merged.has(decision.into)) continue
        try {
          await call(`/v1/households/${id}/decide`, { json: decision, ifMatch: etag })
          if (decision.into) merged.add(id)
          onDecided(id)
        } catch (error) {
          refused.push(`${id}: ${wordsOf(error)}`)
        }
      }
      setCases(new Map())
      onEnd(text('decidedAll', { n: found.length - refused.length }))
      if (refused.length > 0) throw new Error(refused.join('; '))
    })
  return (
    <>
      <Fault>{fault ?? lost}</Fault>
      {n > 0 && (
        <div class="card stack">
          <p role="status">{text('chosen', { n })}</p>
          <p class="row">
            {choices.map((choice) => (
              <button
                key={choice.label}
                type="button"
                disabled={busy || missing !== undefined}
                onClick={() => setAsking(choice)}
              >
                {choice.label}
              </button>
            ))}
          </p>
        </div>
      )}
      {asking && (
        <Ask
          title={asking.ask}
          yes={asking.label}
          onNo={() => setAsking(null)}
          onYes={() => {
            setAsking(null)
            void decide(asking)
          }}
        >
          <p>{text('bulkHint')}</p>
        </Ask>
      )}
    </>
  )
}

/** The communes that all of them can mean; the household alike, where each has one and no other. */
function shared(cases: readonly ReviewCase[]): Choice[] {
  const [first, ...others] = cases
  if (!first) return []
  const n = cases.length
  const communes = first.candidates.filter(({ communeCode }) =>
    others.every(({ candidates }) => candidates.some((one) => one.communeCode === communeCode)),
  )
  return [
    ...communes.map(
      ({ communeCode, communeName, provinceName }): Choice => ({
        label: text('allIn', { name: communeName }),
        ask: text('allInAsk', { n, name: `${communeName}, ${provinceName}` }),
        of: () => ({ decision: 'commune', commune: communeCode }),
      }),
    ),
    ...(cases.every(({ alike }) => alike.length === 1)
      ? [
          {
            label: text('mergeAll'),
            ask: text('mergeAllAsk', { n }),
            of: ({ alike }: ReviewCase) => ({ decision: 'merge', into: alike[0]!.id }),
          },
          {
            label: text('distinctAll'),
            ask: text('distinctAllAsk', { n }),
            of: ({ alike }: ReviewCase) => ({ decision: 'distinct', others: [alike[0]!.id] }),
          },
        ]
      : []),
  ]
}
