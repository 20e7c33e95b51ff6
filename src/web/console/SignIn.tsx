import { useState } from 'preact/hooks'
import { Fault } from './parts.tsx'
import { signIn, signOut, type Who } from './session.ts'
import { text } from './texts.ts'
import { useWork } from './use.ts'

export function SignIn({ onDone }: { onDone: (who: Who) => void }) {
  const [key, setKey] = useState('')
  const { busy, fault, run } = useWork()
  const submit = (event: Event) => {
    event.preventDefault()
    void run(async () => {
      const who = await signIn(key.trim())
      if (who.role === 'staff' || who.role === 'admin') return onDone(who)
      signOut()
      throw new Error(text('notStaff'))
    })
  }
  return (
    <form class="card narrow stack" onSubmit={submit}>
      <h1>{text('signInTitle')}</h1>
      <p class="soft">{text('signInHint')}</p>
      <label class="field">
        {text('key')}
        <input
          type="password"
          name="key"
          autocomplete="off"
          spellcheck={false}
          required
          maxLength={100}
          value={key}
          onInput={(event) => setKey(event.currentTarget.value)}
        />
      </label>
      <Fault>{fault}</Fault>
      <button type="submit" class="main" disabled={busy}>
        {text('signIn')}
      </button>
    </form>
  )
}
