import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { expect, test } from 'vitest'

/** The rooms from the top of the house to its ground. A file may import its own room and the rooms below it. */
const FLOORS: string[][] = [
  ['index.ts'],
  ['cli'],
  ['http', 'web'],
  ['bulk', 'access'],
  ['pipeline.ts'],
  ['pipeline'],
  ['registry'],
  ['locate'],
  ['match'],
  ['parse'],
  ['gazetteer'],
  ['text', 'geo', 'vpostcode'],
]
/** The store implements what the rooms above ask for: it may name their types, nothing else of theirs. */
const STORE = 'store'

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? files(path) : /\.tsx?$/.test(path) ? [path] : []
  })
}
const roomOf = (path: string) => relative('src', path).split('/')[0]!
const floorOf = (room: string) => FLOORS.findIndex((floor) => floor.includes(room))

const imports = files('src').flatMap((path) =>
  [
    ...readFileSync(path, 'utf8').matchAll(
      /^(?:import|export)\s+(type\s+)?[^;'"]*?from\s+['"](\.[^'"]+\.[jt]sx?)['"]/gm,
    ),
  ].map((found) => ({
    path,
    typeOnly: Boolean(found[1]),
    target: normalize(join(dirname(path), found[2]!)),
  })),
)

test('every folder of src is a room of the house', () => {
  const rooms = new Set(files('src').map(roomOf))
  expect([...rooms].filter((room) => room !== STORE && floorOf(room) < 0)).toEqual([])
})

test('imports run only downwards', () => {
  const upwards = imports.filter(({ path, target, typeOnly }) => {
    const from = roomOf(path)
    const to = roomOf(target)
    if (from === to) return false
    if (from === STORE) return !typeOnly
    if (to === STORE) return from !== 'cli'
    return floorOf(to) <= floorOf(from)
  })
  expect(upwards.map(({ path, target }) => `${path} -> ${target}`)).toEqual([])
})

test('the pages share with the server only what has no Node in it: the codec and geometry', () => {
  const shared = new Set(['web', 'vpostcode', 'geo'])
  const others = imports.filter(({ path, target }) => roomOf(path) === 'web' && !shared.has(roomOf(target)))
  expect(others).toEqual([])
})

test('text, geo and vpostcode import nothing of ours', () => {
  const ground = new Set(['text', 'geo', 'vpostcode'])
  const leaving = imports.filter(
    ({ path, target }) => ground.has(roomOf(path)) && roomOf(target) !== roomOf(path),
  )
  expect(leaving).toEqual([])
})
