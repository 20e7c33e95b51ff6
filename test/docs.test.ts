import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { expect, test, vi } from 'vitest'
import { FIELDS } from '../src/bulk/columns.ts'
import { RESULT_COLUMNS, ROW_STATUSES } from '../src/bulk/result.ts'
import { SETTING_NAMES } from '../src/cli/settings.ts'
import { ISSUES } from '../src/match/issueCodes.ts'
import { COMMAND, folder, vpostcode } from './cli/command.ts'

// Each command is a process that reads the gazetteer: seconds on a busy machine.
vi.setConfig({ testTimeout: 300_000 })

// Routes are held by test/api/documents.test.ts, the meaning of settings by test/cli/settings.test.ts, the columns of
// seeds by test/gazetteer/seeds.test.ts.

const readme = readFileSync('README.md', 'utf8')

/** Committed files and those that would be; a checkout of another owner (CI) is read all the same. */
const ours = execFileSync(
  'git',
  ['-c', 'safe.directory=*', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'],
  { encoding: 'utf8' },
)
  .split('\0')
  .filter((path) => path !== '' && existsSync(path))
const pages = ours.filter((path) => path.endsWith('.md'))

/** The blocks of code of a page, in one language. */
const blocks = (page: string, language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map((found) => found[1]!)

test('docs/cli.md has the help of every command (npx vitest run test/docs.test.ts -u writes it)', async () => {
  const sections = helpOf([]).map(([title, help]) => `## ${title}\n\n\`\`\`\n${help}\`\`\`\n`)
  expect(sections.length).toBeGreaterThan(9)
  const page = `# The command line\n\nWhat \`--help\` prints of every command.\n\n${sections.join('\n')}`
  await expect(page).toMatchFileSnapshot('../docs/cli.md')
})

/** Title and help of a command and of those below it. */
function helpOf(path: string[]): [string, string][] {
  const { stdout, status } = vpostcode([...path, '--help'])
  expect([path, status]).toEqual([path, 0])
  const list = stdout.split(/^Commands:\n/m)[1]?.split('\n\n')[0] ?? ''
  const names = [...list.matchAll(/^ {2}([a-z-]+)/gm)].map((found) => found[1]!)
  return [
    [['vpostcode', ...path].join(' '), stdout],
    ...names.filter((name) => name !== 'help').flatMap((name) => helpOf([...path, name])),
  ]
}

test('docs/issues.md has every issue code with its texts (npx vitest run test/docs.test.ts -u writes it)', async () => {
  const rows = Object.entries(ISSUES)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([code, [severity, vi, en]]) => `| \`${code}\` | ${severity} | ${en} | ${vi} |`)
  const intro = `What can be remarked about an address, a point, a code or a row: the column \`issues\` of result files (codes joined by
";"), \`issues\` of every answer, and what a household in review waits for. The list is closed: codes are added, never renamed.

- **info**: something was repaired, converted or inferred; nothing needs to be done.
- **warning**: something is missing, contradicts, or leaves a doubt.
- **error**: the row is rejected and stored nowhere.`
  const head = '| code | severity | English | Tiếng Việt |\n|---|---|---|---|'
  await expect(`# Issue codes\n\n${intro}\n\n${head}\n${rows.join('\n')}\n`).toMatchFileSnapshot(
    '../docs/issues.md',
  )
})

test('the README names every setting, field, result column and status', () => {
  for (const name of [...SETTING_NAMES, ...FIELDS, ...RESULT_COLUMNS, ...ROW_STATUSES])
    expect([name, readme.includes(`\`${name}\``)]).toEqual([name, true])
})

test('the README: its file gives the rows that it shows', () => {
  writeFileSync(join(folder, 'list.csv'), blocks(readme, 'csv')[0]!)
  expect(vpostcode(['assign', 'list.csv']).status).toBe(1)
  const [header, ...lines] = readFileSync(join(folder, 'list.csv.result.csv'), 'utf8').trim().split('\n')
  const table = readme.split('Some of them:\n\n')[1]!.split('\n\n')[0]!.split('\n')
  const cellsOf = (row: string) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim())
  const [columns, , ...shown] = table.map(cellsOf)
  // Our columns stand at the end and hold no commas here; the input's do.
  const names = header!.split(',')
  const given = lines.map((line) => {
    const cells = line.split(',')
    return columns!.map((column) => cells.at(names.indexOf(column) - names.length))
  })
  expect(given).toEqual(shown)
})

test('the README: its commands on texts and codes answer', () => {
  const lines = blocks(readme, 'sh').flatMap((block) => block.trim().split('\n'))
  const commands = lines.filter((line) => /^npx vpostcode (parse|convert|encode|decode)/.test(line))
  expect(commands).toHaveLength(5)
  for (const line of commands) {
    const args = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((found) => found[1] ?? found[2]!).slice(2)
    expect([line, vpostcode(args)]).toEqual([line, expect.objectContaining({ status: 0, stderr: '' })])
  }
})

test('the README: its library calls answer what stands behind them', () => {
  const lines = blocks(readme, 'js')[0]!.trim().split('\n')
  const program = lines.map((line) => {
    const [, call, value] = /^(.*) \/\/ ('.*'|null|[\d.]+)$/.exec(line) ?? []
    return call ? `equal(${call}, ${value})` : line
  })
  expect(program.filter((line) => line.startsWith('equal'))).toHaveLength(8)
  const file = join(folder, 'library.mjs')
  const library = resolve(dirname(COMMAND), '../index.js')
  writeFileSync(
    file,
    `import { equal } from 'node:assert/strict'\n${program.join('\n').replace("'vpostcode'", `'${library}'`)}\n`,
  )
  execFileSync(process.execPath, [file], { stdio: 'pipe' })
})

test('every relative link leads to a file and to a heading of it', () => {
  const broken: string[] = []
  for (const page of pages) {
    const text = readFileSync(page, 'utf8')
    for (const [, target] of text.matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)) {
      const [path, heading] = target!.split('#') as [string, string?]
      const file = path === '' ? page : join(dirname(page), path)
      if (!existsSync(file)) broken.push(`${page}: ${target}`)
      else if (heading && !headings(file).includes(heading)) broken.push(`${page}: ${target}`)
    }
  }
  expect(broken).toEqual([])
})

/** The names by which links reach the headings of a page. */
const headings = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)].map((found) =>
    found[1]!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )

test('every decision has a number of its own and stands in the list', () => {
  const decisions = pages.filter((path) => /^docs\/decisions\/\d/.test(path)).map((path) => basename(path))
  const numbers = decisions.map((name) => name.slice(0, 4))
  expect(new Set(numbers).size).toBe(decisions.length)
  const list = readFileSync('docs/decisions/README.md', 'utf8')
  expect([...list.matchAll(/^\| \[\d{4}\]\((.+?)\)/gm)].map((found) => found[1])).toEqual(decisions.sort())
})

test('every npm script, file and folder that a page names in code is there', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'))
  const wrong: string[] = []
  for (const page of pages) {
    const text = readFileSync(page, 'utf8')
    for (const [, name] of text.matchAll(/\bnpm run ([\w-]+)/g))
      if (!(name! in scripts)) wrong.push(`${page}: npm run ${name}`)
    for (const [, path] of text.matchAll(/(?<![\w/.])((?:src|scripts|test|seeds|docs)\/[\w./-]*\w)/g))
      if (!existsSync(path!)) wrong.push(`${page}: ${path}`)
  }
  expect(wrong).toEqual([])
})

test('no file names a folder of one machine or the address of a registry', () => {
  // Put together here, so that this file does not name them itself.
  const names = [
    ['/wor', 'k/'],
    ['/roo', 't/'],
    ['/hom', 'e/'],
    ['npmj', 's.'],
    ['deb.debia', 'n'],
  ]
  const pattern = new RegExp(names.map((halves) => halves.join('').replaceAll('.', '\\.')).join('|'))
  const found = ours
    .filter((path) => !path.endsWith('.bin'))
    .flatMap((path) =>
      readFileSync(path, 'utf8')
        .split('\n')
        .flatMap((line, i) => (pattern.test(line) ? [`${path}:${i + 1}: ${line.slice(0, 100)}`] : [])),
    )
  expect(found).toEqual([])
})
