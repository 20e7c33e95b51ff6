import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Service, startService } from './service.ts'

/** The client that is made from the OpenAPI document, compiled and used as an integrator would. */
let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

const run = (args: string[], env = {}) =>
  spawnSync(process.execPath, args, {
    cwd: service.folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...env },
  })

const CHECKOUT = `import { HttpResponse, type Problem, Vpostcode } from './client/index.js'

const api = new Vpostcode({
  baseUrl: process.env.URL!,
  baseApiParams: { headers: { 'X-Api-Key': process.env.KEY! } },
})
const { data: validation } = await api.v1.validate({ address: '12 Hàng Trống, phường Hoàn Kiếm, Hà Nội' })
const action: 'FIX' | 'CONFIRM' | 'ACCEPT' = validation.verdict.possibleNextAction
const { data: found } = await api.v1.search({ q: 'phường Hoàn Kiếm, Hà Nội', limit: 1 })
const { data: place } = await api.v1.resolveVpostcode('71009QMCXR8V')
const postcode: string | null = place.postcode
const refused: HttpResponse<unknown, Problem> = await api.v1
  .reverse({ lat: 'north', lon: '105' })
  .then(() => { throw new Error('answered') }, (answer: HttpResponse<unknown, Problem>) => answer)
console.log(JSON.stringify([action, found.features[0]!.properties.city, postcode, refused.status, refused.error.code]))
`

test('the client compiles, and answers what the routes do; a field that is not there does not compile', {
  timeout: 120_000,
}, () => {
  const made = run([resolve('scripts/client.mjs'), join(service.folder, 'client')])
  expect([made.status, made.stderr]).toEqual([0, ''])
  const compile = (name: string, text: string) => {
    writeFileSync(join(service.folder, name), text)
    const options = ['--strict', '--target', 'es2022', '--module', 'nodenext', '--lib', 'es2022,dom']
    const types = ['--types', 'node', '--typeRoots', resolve('node_modules/@types')]
    return run([resolve('node_modules/typescript/bin/tsc'), ...options, ...types, name])
  }
  writeFileSync(join(service.folder, 'package.json'), '{ "type": "module" }')
  expect(compile('checkout.ts', CHECKOUT).stdout).toBe('')
  const wrong = compile('wrong.ts', CHECKOUT.replace('place.postcode', 'place.postCode'))
  expect(wrong.stdout).toMatch(/Property 'postCode' does not exist/)
  const used = run(['checkout.js'], { URL: service.url, KEY: service.key })
  expect([used.stderr, used.stdout && JSON.parse(used.stdout)]).toEqual([
    '',
    ['ACCEPT', 'Phường Hoàn Kiếm', '71009', 400, 'bad-parameter'],
  ])
})
