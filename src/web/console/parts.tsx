import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { language } from '../shared/language.ts'
import { text } from './texts.ts'

/** What went wrong, said to screen readers at once. */
export const Fault = ({ children }: { children: ComponentChildren }) =>
  children ? (
    <p class="notice bad" role="alert">
      {children}
    </p>
  ) : null

export const Busy = () => (
  <p class="soft" role="status">
    {text('loading')}
  </p>
)

const TAG = { vi: 'vi-VN', en: 'en-GB' }
export const count = (n: number) => n.toLocaleString(TAG[language()])
export const share = (part: number, of: number | null) => (of ? `${Math.round((100 * part) / of)} %` : '')
export const when = (iso: string) =>
  new Date(iso).toLocaleString(TAG[language()], { dateStyle: 'short', timeStyle: 'short' })
/** "4829 1057 3625" reads better than twelve digits. */
export const grouped = (id: string) => id.replace(/(\d{4})(?=\d)/g, '$1 ')

/** Asks before something that cannot simply be taken back. */
export function Ask({
  title,
  children,
  yes,
  onYes,
  onNo,
}: {
  title: string
  children?: ComponentChildren
  yes: string
  onYes: () => void
  onNo: () => void
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog
      ref={dialog}
      aria-labelledby="ask"
      onCancel={(event) => {
        event.preventDefault()
        onNo()
      }}
    >
      <h2 id="ask">{title}</h2>
      {children}
      <p class="row">
        <button type="button" class="main" onClick={onYes}>
          {yes}
        </button>
        <button type="button" onClick={onNo}>
          {text('no')}
        </button>
      </p>
    </dialog>
  )
}

/** A wide table that scrolls by itself, by keyboard too. */
export const Scroll = ({
  label,
  bounded = false,
  children,
}: {
  label: string
  /** No higher than what is shown beside it. */
  bounded?: boolean
  children: ComponentChildren
}) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
  <section class={bounded ? 'scroll bounded' : 'scroll'} aria-label={label} tabIndex={0}>
    {children}
  </section>
)
