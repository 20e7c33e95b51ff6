import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseCsv } from '../../src/gazetteer/csv.ts'
import { TABLES } from '../../src/gazetteer/tables.ts'

const readme = readFileSync('seeds/README.md', 'utf8')
const files = (readdirSync('seeds', { recursive: true }) as string[]).filter((name) =>
  /\.(csv|bin)$/.test(name),
)

/** What the README says under the heading of a file. */
const section = (name: string) => readme.split(/^## /m).find((part) => part.startsWith(`${name}\n`))

test.each(files)('the README tells of %s', (name) => {
  expect(section(name)?.trim().split('\n').length ?? 0).toBeGreaterThan(1)
})

test.each(files.filter((name) => name.endsWith('.csv')))(
  'the README tells of each column of %s and of no other',
  (name) => {
    // the header alone: the made-up households have broken rows on purpose
    const { columns } = parseCsv(readFileSync(`seeds/${name}`, 'utf8').split('\n', 1)[0]!)
    const told = [...(section(name) ?? '').matchAll(/^\| `([^`]+)` \|/gm)].map((found) => found[1])
    expect(told).toEqual(columns)
  },
)

/** From a circular on paper; the reference data do not hold it. */
const BY_HAND = 'vn2000-meridians'

const shared = resolve(process.env.VPOSTCODE_SHARED ?? '../shared')

// the reference data is not part of the repository: without it nothing can be made again
test.skipIf(!existsSync(join(shared, 'data/units')))(
  'the scripts make the committed tables, byte for byte',
  () => {
    const dir = mkdtempSync(join(tmpdir(), 'seeds-'))
    mkdirSync(join(dir, 'seeds'))
    const script = ['--import', import.meta.resolve('tsx'), resolve('scripts/seeds/units.ts')]
    const run = spawnSync(process.execPath, script, {
      cwd: dir,
      env: { ...process.env, VPOSTCODE_SHARED: shared },
    })
    expect(run.status, String(run.stderr)).toBe(0)
    for (const name of Object.keys(TABLES).filter((table) => table !== BY_HAND))
      expect(
        readFileSync(join(dir, 'seeds', `${name}.csv`), 'utf8') === readFileSync(`seeds/${name}.csv`, 'utf8'),
        name,
      ).toBe(true)
    rmSync(dir, { recursive: true })
  },
)

describe('CSV', () => {
  test('reads quotes, doubled quotes, empty cells and both line ends', () => {
    expect(parseCsv('a,b\r\n"x, ""y""",\n,"1\n2"\n').rows).toEqual([
      { a: 'x, "y"', b: '' },
      { a: '', b: '1\n2' },
    ])
  })
  test('names a row with another number of cells', () => {
    expect(() => parseCsv('a,b\n1,2\n3\n')).toThrow('row 3 has 1 cells, the header has 2')
  })
})
