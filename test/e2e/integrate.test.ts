import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Service, startService } from './service.ts'

/** The programs of docs/integrate.md run as they stand there. */
const page = readFileSync('docs/integrate.md', 'utf8')
/** The first program of each section in one language. */
const programs = (language: string) =>
  page.split(/^## /m).flatMap((section) => {
    const text = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'm').exec(section)?.[1]
    return text ? [{ title: section.split('\n')[0]!, text }] : []
  })

let service: Service
let env: NodeJS.ProcessEnv
beforeAll(async () => {
  service = await startService()
  writeFileSync(
    join(service.folder, 'list.csv'),
    'name,address\nhome,"12 Hàng Trống, phường Hoàn Kiếm, Hà Nội"\n',
  )
  env = { PATH: process.env['PATH'], VPOSTCODE_URL: service.url, VPOSTCODE_KEY: service.key }
})
afterAll(() => service.stop())

function run(command: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: service.folder, encoding: 'utf8', env })
  expect([status, stderr]).toEqual([0, ''])
  return stdout
}
const has = (command: string) => spawnSync(command, ['--version']).status === 0
const file = (name: string) => readFileSync(join(service.folder, name), 'utf8')

test('curl', { timeout: 120_000 }, () => {
  const [check, place, list, job] = programs('sh')
  const shell = (text: string) => run('bash', '--norc', '-e', '-o', 'pipefail', '-c', text)
  expect(JSON.parse(shell(check!.text))).toMatchObject({
    verdict: { possibleNextAction: 'ACCEPT' },
    postcode: '11024',
  })
  const [code, point] = shell(place!.text).replace('}{', '}\n{').split('\n')
  expect(JSON.parse(code!)).toMatchObject({ plusCode: '7P28QMCX+R8V' })
  expect(JSON.parse(point!)).toMatchObject({ type: 'FeatureCollection' })
  shell(list!.text)
  expect(file('list.geocoded.csv')).toMatch(/^\uFEFF?name,address,.*result_label.*\r?\nhome,/)
  shell(job!.text)
  expect(file('list.result.csv')).toMatch(/^\uFEFF?name,address,status,/)
})

test('JavaScript', { timeout: 120_000 }, () => {
  const said = programs('js').map(({ title, text }, i) => {
    writeFileSync(join(service.folder, `program${i}.mjs`), text)
    return [title, run(process.execPath, `program${i}.mjs`)]
  })
  expect(said).toEqual([
    [
      expect.stringMatching(/^Is an address good/),
      expect.stringMatching(/^(?:ACCEPT|CONFIRM) 11024 [\s\S]*\nask for commune \[/),
    ],
    [expect.stringMatching(/^Search while/), expect.stringMatching(/Hoàn Kiếm.* 11024/)],
    [expect.stringMatching(/^A code/), expect.stringMatching(/^did you mean \[/)],
    [expect.stringMatching(/^A large file/), expect.stringMatching(/^done \uFEFF?name,address,status,/)],
  ])
})

test.skipIf(!has('python3'))('Python (left out where python3 is not installed)', () => {
  const { text } = programs('python')[0]!
  expect(run('python3', '-c', text)).toBe('ACCEPT Phường Hoàn Kiếm 11024\n')
})

test.skipIf(!has('php'))('PHP (left out where Debian’s php-cli is not installed)', () => {
  const { text } = programs('php')[0]!
  writeFileSync(join(service.folder, 'check.php'), text)
  expect(run('php', 'check.php')).toBe('ACCEPT 11024\n')
})
