import type { Job } from 'vpostcode/client'
import { count } from '../parts.tsx'
import { text } from '../texts.ts'

export type Status = keyof Job['counts']

/** In the order in which a person wants to see them. Each status of the API has to stand here. */
const ORDER: Record<Status, true> = {
  assigned: true,
  visit: true,
  review: true,
  updated: true,
  unchanged: true,
  duplicate: true,
  rejected: true,
}
const STATUSES = Object.keys(ORDER) as Status[]

/** Rows by status; with `onChoose` they filter. */
export function Counts({
  counts,
  chosen,
  onChoose,
}: {
  counts: Job['counts']
  chosen?: Status | null
  onChoose?: (status: Status | null) => void
}) {
  return (
    <ul class="counts">
      {STATUSES.map((status) => {
        const n = counts[status] ?? 0
        const shown = (
          <>
            <strong>{count(n)}</strong> <span>{text(`status_${status}`)}</span>
          </>
        )
        return (
          <li key={status} class={`status ${status}`}>
            {onChoose && n > 0 ? (
              <button
                type="button"
                aria-pressed={chosen === status}
                onClick={() => onChoose(chosen === status ? null : status)}
              >
                {shown}
              </button>
            ) : (
              <span class="plain">{shown}</span>
            )}
          </li>
        )
      })}
    </ul>
  )
}

/** Households that an undo took back and left: it has no rows, and two of the statuses only. */
export function UndoCounts({ counts }: { counts: Job['counts'] }) {
  return (
    <ul class="counts">
      <li class="status updated">
        <span class="plain">
          <strong>{count(counts.updated ?? 0)}</strong> <span>{text('takenBack')}</span>
        </span>
      </li>
      <li class="status review">
        <span class="plain">
          <strong>{count(counts.unchanged ?? 0)}</strong> <span>{text('leftAsIs')}</span>
        </span>
      </li>
    </ul>
  )
}
