import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { FileRefused } from '../files.ts'
import { type Manifest, manifestSchema, SET_NAME } from './manifest.ts'

/** What is being written, and what is being removed, begins with a dot. */
export const partOf = (folder: string, name: string) => join(folder, `.part-${name}`)
const goneOf = (folder: string, name: string) => join(folder, `.gone-${name}`)

export const manifestOf = (folder: string, name: string) => join(folder, name, 'manifest.json')

const VIET_NAM = 7 * 3_600_000
/** The day in Viet Nam. */
export const dayOf = (time: number) => new Date(time + VIET_NAM).toISOString().slice(0, 10)
const DAY = 86_400_000

/** The names of the sets of a folder, latest first; none when it is not there. */
export function setsIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => SET_NAME.test(name) && existsSync(manifestOf(folder, name)))
    .sort((a, b) => {
      const [dayA, dayB] = [a.slice(0, DAY_LENGTH), b.slice(0, DAY_LENGTH)]
      return dayA === dayB ? numberOf(b) - numberOf(a) : dayA < dayB ? 1 : -1
    })
}

const DAY_LENGTH = 'YYYY-MM-DD'.length
/** Which set of its day it is: 1 for the first. */
const numberOf = (name: string) => Number(name.slice(DAY_LENGTH + 1) || 1)

/** Throws FileRefused when it was not written by us. */
export function readManifest(folder: string, name: string): Manifest {
  const path = manifestOf(folder, name)
  try {
    return manifestSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    throw new FileRefused(`${path} cannot be read: move this set away, the next one begins anew`)
  }
}

/** The name of the next set of a day. */
export function nextName(folder: string, day: string): string {
  const [latest] = setsIn(folder).filter((name) => name.startsWith(day))
  return latest === undefined ? day : `${day}.${numberOf(latest) + 1}`
}

/** Removes what runs that were ended left behind. */
export function dropLeftovers(folder: string): void {
  for (const name of readdirSync(folder))
    if (/^\.(?:part|gone)-/.test(name)) rmSync(join(folder, name), { recursive: true, force: true })
}

/** Removes the sets of days before the last `days` ones, never the latest set. Answers their names. */
export function dropOldSets(folder: string, days: number, now: number): string[] {
  const first = dayOf(now - (days - 1) * DAY)
  const old = setsIn(folder)
    .slice(1)
    .filter((name) => name.slice(0, DAY_LENGTH) < first)
  for (const name of old) {
    // At once out of sight, whole.
    renameSync(join(folder, name), goneOf(folder, name))
    rmSync(goneOf(folder, name), { recursive: true, force: true })
  }
  return old
}
