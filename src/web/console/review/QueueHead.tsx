import { useEffect, useRef, useState } from 'preact/hooks'
import { text } from '../texts.ts'
import { useKeys } from '../use.ts'

const KEYS = [
  ['j', '↓', 'key_next'],
  ['k', '↑', 'key_before'],
  ['1 … 9', '', 'key_candidate'],
  ['m', '', 'key_merge'],
  ['d', '', 'key_distinct'],
  ['e', '', 'key_keep'],
  ['x', '', 'key_reject'],
  ['u', '', 'key_undo'],
  ['o', '', 'key_open'],
  ['v', '', 'key_verify'],
  ['?', '', 'key_help'],
] as const

/** The head of a queue, with its keys behind a button and `?`. */
export function QueueHead({ title }: { title: string }) {
  const [help, setHelp] = useState(false)
  useKeys((key) => {
    if (key === '?') setHelp(true)
    return key === '?'
  })
  return (
    <>
      <div class="row">
        <h1 class="grow">{title}</h1>
        <button type="button" class="quiet" onClick={() => setHelp(true)}>
          {text('keysHelp')} <kbd>?</kbd>
        </button>
      </div>
      {help && <Help onClose={() => setHelp(false)} />}
    </>
  )
}

function Help({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} aria-labelledby="help" onClose={onClose}>
      <h2 id="help">{text('keysHelp')}</h2>
      <dl class="keys">
        {KEYS.map(([key, other, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd> {other && <kbd>{other}</kbd>}
            </dt>
            <dd>{text(what)}</dd>
          </div>
        ))}
      </dl>
      <button type="button" class="main" onClick={() => dialog.current?.close()}>
        {text('close')}
      </button>
    </dialog>
  )
}
