import { expect, test } from 'vitest'
import { vpostcode } from './command.ts'

const jsonLines = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

test('encode answers one point', () => {
  const { status, stdout } = vpostcode(['encode', '10.7721,106.6983'])
  expect(status).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    input: '10.7721,106.6983',
    lat: 10.7721,
    lon: 106.6983,
    vpostcode: '71009QMCXR8V',
    plusCode: '7P28QMCX+R8V',
    postcode: '71009',
    commune: { code: '26743', name: 'Bến Thành' },
    province: { code: '79' },
    issues: [],
  })
})

test('encode --ndjson answers line by line, in order; refused lines stand in their place', () => {
  const points = [
    '10.7721,106.6983',
    '',
    '106,6983; 10,7721',
    'here',
    '51.5,-0.1',
    `${'9'.repeat(70_000)}`,
    '21.0285 105.8542',
  ]
  const { status, stdout } = vpostcode(['encode', '--ndjson'], { input: points.join('\r\n') })
  expect(status).toBe(1)
  const lines = jsonLines(stdout)
  expect(lines.map(({ vpostcode, error }) => vpostcode ?? error)).toEqual([
    '71009QMCXR8V',
    'bad-coordinates',
    '71009QMCXR8V',
    'bad-coordinates',
    'outside-coverage',
    'the line is longer than 65536 characters',
    expect.stringMatching(/^1\d{4}[2-9CFGHJMPQRVWX]{7}$/),
  ])
  expect(lines.slice(0, 5).map(({ input }) => input)).toEqual(points.slice(0, 5))
  expect(lines[2].issues.map(({ code }: { code: string }) => code)).toEqual([
    'decimal-comma',
    'swapped-coordinates',
  ])
})

test('decode is the way back, also from what people type', () => {
  const { status, stdout } = vpostcode(['decode', '--ndjson'], {
    input: '71009QMCXR8V\n71009 qmcx-r8v\n71009QMCXR8\n',
  })
  expect(status).toBe(1)
  const [exact, typed, short] = jsonLines(stdout)
  expect(exact).toMatchObject({
    vpostcode: '71009QMCXR8V',
    status: 'unregistered',
    database: null,
    postcode: '71009',
  })
  const { south, north, west, east } = exact.bounds
  expect(south <= 10.7721 && 10.7721 < north && west <= 106.6983 && 106.6983 < east).toBe(true)
  expect(typed).toEqual({ ...exact, input: '71009 qmcx-r8v' })
  expect(short).toMatchObject({ input: '71009QMCXR8', error: 'wrong-length' })
})

test.each<[string, string[], RegExp, NodeJS.ProcessEnv?]>([
  ['nothing to encode', ['encode'], /give LAT,LON, or --ndjson/],
  ['both ways at once', ['encode', '10,106', '--ndjson'], /not both/],
  ['an unknown command', ['encoed'], /unknown command/],
  ['an unknown option', ['encode', '--xml'], /unknown option/],
  ['no file', ['assign'], /missing required argument 'FILE'/],
  ['threads that are no number', ['assign', 'x.csv', '--threads', 'two'], /--threads/],
  ['a port that no machine has', ['serve', '--port', '99999'], /--port must be/],
  ['a setting that cannot be used', ['serve'], /PORT/, { PORT: 'http' }],
])('usage: %s ends with 2', (_, args, message, env) => {
  const { status, stdout, stderr } = vpostcode(args, { env })
  expect(status).toBe(2)
  expect(stdout).toBe('')
  expect(stderr).toMatch(message)
})

test('help and version go to standard output and end with 0', () => {
  expect(vpostcode(['--version'])).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
  })
  for (const command of ['assign', 'serve', 'encode', 'decode', 'status']) {
    const { status, stdout } = vpostcode([command, '--help'])
    expect(status).toBe(0)
    expect(stdout).toContain(`vpostcode ${command}`)
  }
})

test('parse answers what a text says', () => {
  const { status, stdout } = vpostcode(['parse', '--ndjson'], {
    input: '12 Lê Lợi, P. Bến Thành, Q1, TPHCM\n\n',
  })
  expect(status).toBe(1)
  const [address, empty] = jsonLines(stdout)
  expect(address).toMatchObject({
    components: { houseNumber: '12', street: 'Lê Lợi' },
    current: { commune: { code: '26743' }, province: { code: '79' } },
    former: { district: { code: '760' } },
  })
  expect(empty).toEqual({ input: '', error: 'empty' })
})

test('parse --explain prints the reasons, and with --ndjson gives them as a field', () => {
  const text = '12 Lê Lợi, P. Bến Nghé, Q1, TPHCM'
  const { status, stdout } = vpostcode(['parse', '--explain', text])
  expect(status).toBe(0)
  expect(stdout.split('\n').slice(0, 4)).toEqual([text, '', 'Parts', '  houseNumber  12'])
  expect(stdout).toContain('"Q1" is a district: none since July 2025')
  expect(stdout).toMatch(/\+\d\.\d\d {2}"P\. Bến Nghé" names Phường Bến Nghé \(26740, June 2025\), Quận 1/)
  const lines = vpostcode(['parse', '--explain', '--ndjson'], { input: `${text}\n` })
  const [answer] = jsonLines(lines.stdout)
  expect(answer.current.commune.code).toBe('26740')
  expect(answer.explanation.candidates[0]).toMatchObject({ commune: 'Phường Sài Gòn (26740)' })
})

test('parse and convert --era read the units in one era', () => {
  const text = 'Phường Bến Thành, TPHCM'
  for (const command of ['parse', 'convert']) {
    const { stdout } = vpostcode([command, '--era', 'former', text])
    expect([command, JSON.parse(stdout).era]).toEqual([command, 'former'])
    expect(JSON.parse(vpostcode([command, text]).stdout).era).toBe('current')
  }
  expect(vpostcode(['parse', '--era', 'old', text]).status).toBe(2)
  expect(vpostcode(['convert', '--era', 'former', 'list.csv'])).toMatchObject({ status: 2 })
})

test('convert CODE --era reads the code in that era, or says that it has none', () => {
  const current = vpostcode(['convert', '26740', '--era', 'current'])
  expect(JSON.parse(current.stdout)).toMatchObject({
    era: 'current',
    current: { commune: { name: 'Sài Gòn' } },
  })
  const former = vpostcode(['convert', '26740', '--era', 'former', '--to', 'former'])
  expect(JSON.parse(former.stdout)).toMatchObject({
    era: 'former',
    former: { commune: { name: 'Bến Nghé' } },
  })
  const none = vpostcode(['convert', '00001', '--era', 'current'])
  expect(none.status).toBe(1)
  expect(JSON.parse(none.stdout).error).toBe('unknown-unit: no commune of today has the code 00001')
})

test('convert answers texts and codes, both ways', () => {
  const now = vpostcode(['convert', 'Phường Bến Nghé, Quận 1, TPHCM'])
  expect(now.status).toBe(0)
  expect(JSON.parse(now.stdout)).toMatchObject({ to: 'current', current: { commune: { code: '26740' } } })
  const lines = vpostcode(['convert', '--to', 'former', '--ndjson'], { input: '26740\n99999\n' })
  expect(lines.status).toBe(1)
  const [sources, unknown] = jsonLines(lines.stdout)
  expect(
    sources.formerCandidates.map(({ commune }: { commune: { name: string } }) => commune.name),
  ).toContain('Bến Nghé')
  expect(unknown).toEqual({ input: '99999', error: 'unknown-unit' })
  expect(vpostcode(['convert', 'x', '--to', 'future']).status).toBe(2)
})

test('what the system refuses is said without the places in the program', () => {
  for (const args of [
    ['import', 'boundaries', 'missing.geojson'],
    ['convert', 'lsit.csv'],
  ]) {
    const { status, stdout, stderr } = vpostcode(args)
    expect([status, stdout]).toEqual([3, ''])
    expect(stderr).toMatch(/^error: .*(no such file|no file)/i)
    expect(stderr).not.toMatch(/\n\s+at /)
  }
})
