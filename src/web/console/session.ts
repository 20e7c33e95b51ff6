import { type Answer, ask, askRaw, askWhole, type Question, Refusal } from '../shared/api.ts'

/** Who is signed in, as GET /v1/ping tells it. */
export interface Who {
  role: string
  /** The name of the key: stands as actor in events. */
  key: string | null
  /** Provinces and communes of a staff key; null = the whole country. */
  scope: string[] | null
}

const STORED = 'vpostcode-key'

/** The key lives as long as this tab: never in an address, a cookie or storage that other tabs see. */
let key: string | null = read()
let onEnd = () => {}

function read(): string | null {
  try {
    return sessionStorage.getItem(STORED)
  } catch {
    return null
  }
}

function keep(value: string | null): void {
  key = value
  try {
    if (value === null) sessionStorage.removeItem(STORED)
    else sessionStorage.setItem(STORED, value)
  } catch {
    // Storage is closed to this page: the key is kept in memory alone.
  }
}

/** Whose key is kept from before a reload; null when there is none or it holds no more. */
export async function signedIn(): Promise<Who | null> {
  if (key === null) return null
  try {
    return await whoHas(key)
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) keep(null)
    return null
  }
}

/** Keeps a key when the server knows it. Throws Refusal. */
export async function signIn(given: string): Promise<Who> {
  const who = await whoHas(given)
  keep(given)
  return who
}

const whoHas = (given: string) => ask<Who>('/v1/ping', { key: given })

export function signOut(): void {
  keep(null)
  onEnd()
}

/** `work` is called when the key is given up, or refused by the server. */
export function whenSignedOut(work: () => void): void {
  onEnd = work
}

/** Asks the server with the key; a key that holds no more ends the session. */
export const call = async <T>(path: string, question: Question = {}): Promise<T> =>
  (await callWhole<T>(path, question)).data

export const callWhole = <T>(path: string, question: Question = {}): Promise<Answer<T>> =>
  withKey(question, (whole) => askWhole<T>(path, whole))

/** The answer as it comes: for events and files. */
export const stream = (path: string, signal?: AbortSignal): Promise<Response> =>
  withKey({ signal }, (whole) => askRaw(path, whole))

async function withKey<T>(question: Question, asked: (question: Question) => Promise<T>): Promise<T> {
  try {
    return await asked({ ...question, key: key ?? undefined })
  } catch (error) {
    if (error instanceof Refusal && error.code === 'unknown-key') signOut()
    throw error
  }
}

/** Fetches a file with the key and hands it to the browser to be saved. */
export async function download(path: string, name: string): Promise<void> {
  const blob = await (await stream(path)).blob()
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
