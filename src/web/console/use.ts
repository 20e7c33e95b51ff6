import { useEffect, useRef, useState } from 'preact/hooks'
import { Refusal } from '../shared/api.ts'
import { text } from './texts.ts'

/** What went wrong, for people. */
export const wordsOf = (error: unknown): string =>
  error instanceof Refusal && error.code === 'changed-meanwhile'
    ? text('changedMeanwhile')
    : error instanceof Error
      ? error.message
      : String(error)

/** Loads something anew whenever `of` changes; `again` loads it once more. */
export function useLoad<T>(load: (signal: AbortSignal) => Promise<T>, of: unknown[]) {
  const [round, setRound] = useState(0)
  const [found, setFound] = useState<{ data: T | null; fault: string | null; busy: boolean }>({
    data: null,
    fault: null,
    busy: true,
  })
  useEffect(() => {
    const stop = new AbortController()
    setFound((before) => ({ ...before, busy: true }))
    load(stop.signal).then(
      (data) => !stop.signal.aborted && setFound({ data, fault: null, busy: false }),
      (error) => !stop.signal.aborted && setFound({ data: null, fault: wordsOf(error), busy: false }),
    )
    return () => stop.abort()
  }, [...of, round])
  return { ...found, again: () => setRound((n) => n + 1) }
}

/** Runs one thing at a time that a person asked for, and keeps what went wrong. */
export function useWork() {
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string | null>(null)
  const running = useRef(false)
  const run = async (work: () => Promise<unknown>): Promise<boolean> => {
    if (running.current) return false
    running.current = true
    setBusy(true)
    setFault(null)
    try {
      await work()
      return true
    } catch (error) {
      setFault(wordsOf(error))
      return false
    } finally {
      running.current = false
      setBusy(false)
    }
  }
  return { busy, fault, run, clear: () => setFault(null) }
}

/** The path behind the # of the address. */
export function useRoute(): string[] {
  const [hash, setHash] = useState(location.hash)
  useEffect(() => {
    const change = () => setHash(location.hash)
    addEventListener('hashchange', change)
    return () => removeEventListener('hashchange', change)
  }, [])
  return hash.replace(/^#\/?/, '').split('/').filter(Boolean).map(decodeURIComponent)
}

/** Single keys do work while no field is being filled in. `work` answers true when the key was meant for it. */
export function useKeys(work: (key: string) => boolean): void {
  const now = useRef(work)
  now.current = work
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const at = event.target as HTMLElement
      if (
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        at.closest('input, select, textarea, dialog, [data-keys]')
      )
        return
      if (now.current(event.key)) event.preventDefault()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
}
